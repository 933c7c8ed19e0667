import { chooseLanguage } from '@carillon/contract';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { acceptedLanguages } from '../../platform/http/index.ts';
import { pageLanguages, pagePolicy, unsubscribePage } from './page.ts';
import type { Unsubscribing } from './unsubscribing.ts';

/** What a form with a button or a mail program sends is a line (RFC 8058: `List-Unsubscribe=One-Click`); bytes. */
const largestBody = 4096;

/** `/u/{token}`: a look changes nothing, because mail scanners look at every link; a POST unsubscribes. */
export function unsubscribeApp(unsubscribing: Pick<Unsubscribing, 'knows' | 'act'>): Hono {
  const app = new Hono({ strict: false });
  app.use(bodyLimit({ maxSize: largestBody }));
  app.get('/:token', async (c) => {
    const known = await unsubscribing.knows(c.req.param('token'));
    return page(c, known ? 'ask' : 'unknown');
  });
  app.post('/:token', async (c) => {
    const done = await unsubscribing.act(c.req.param('token'));
    return page(c, done ? 'done' : 'unknown');
  });
  return app;
}

async function page(c: Context, state: 'ask' | 'done' | 'unknown'): Promise<Response> {
  c.header('content-security-policy', pagePolicy);
  c.header('cache-control', 'no-store');
  const wanted = acceptedLanguages(c.req.header('accept-language'));
  const language = chooseLanguage(wanted, pageLanguages, 'en');
  return c.html(await unsubscribePage(language, state), state === 'unknown' ? 404 : 200);
}
