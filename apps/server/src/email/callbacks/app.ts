import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { readJson } from '../../platform/http/index.ts';
import { hashKey, type Sealing } from '../../platform/secrets/index.ts';
import { openedSettings } from '../providers/open.ts';
import { providerByCallback, type StoredProvider } from '../providers/store.ts';
import { callbackSecretOf, callbackUser } from './callback.ts';
import { mailjetReports } from './mailjet-report.ts';
import { postmarkReports } from './postmark-report.ts';
import type { Report } from './report.ts';
import { type TakingDeps, takeReports } from './taking.ts';

/** What the reports of providers need to come in. */
export interface CallbackDeps extends TakingDeps {
  readonly seal: Sealing;
}

const limits = { bytes: 4_194_304, depth: 20 };
/** Events in one POST; Mailjet groups those of a second. */
const mostReports = 10_000;

/** `/providers/{provider}/{token}`: what providers report of e-mails that they took. */
export function callbackApp(deps: CallbackDeps): Hono {
  const { db, seal } = deps;
  const app = new Hono({ strict: false });
  app.post('/:provider/:token', async (c) => {
    const stored = await providerByCallback(db.reader, hashKey(c.req.param('token')));
    if (stored?.kind !== c.req.param('provider')) {
      return c.json({ error: 'not_found', message: 'There is no such callback.' }, 404);
    }
    if (!maySend(c.req.header('authorization'), stored, seal)) {
      c.header('WWW-Authenticate', 'Basic realm="Carillon"');
      return c.json({ error: 'unauthorized', message: 'The password is wrong.' }, 401);
    }
    const body = await readJson(c.req.raw, limits);
    if (!body.ok)
      return c.json({ error: 'bad_request', message: body.message }, body.problem === 'too_big' ? 413 : 400);
    const reports = reportsOf(stored, body.value, deps);
    if (reports.length > mostReports) {
      return c.json({ error: 'bad_request', message: `At most ${mostReports} events a call.` }, 413);
    }
    return c.json({ noted: await takeReports(stored, reports, deps) }, 200);
  });
  return app;
}

function reportsOf(stored: StoredProvider, body: unknown, { seal, now }: CallbackDeps): Report[] {
  if (stored.kind === 'mailjet') return mailjetReports(body, now());
  return postmarkReports(body, now(), openedSettings(stored, 'postmark', seal).streams.broadcast);
}

/** Both sides are hashed, so that the comparison takes the same time whatever was sent. */
function maySend(header: string | undefined, stored: StoredProvider, seal: Pick<Sealing, 'open'>): boolean {
  const { password } = callbackSecretOf(stored, seal);
  const right = `Basic ${Buffer.from(`${callbackUser}:${password}`).toString('base64')}`;
  const hashed = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hashed(header ?? ''), hashed(right));
}
