import { type Problem, problemsOf } from '@carillon/contract';
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { Refusal } from '../supplier/index.ts';
import { problem } from './schema.ts';
import type { TokenHolder } from './tokens.ts';

/** What a request carries with it: whose token it came with, and the supplier that it is about. */
export interface AdminEnv {
  Variables: { holder: TokenHolder; supplierId: string };
}

/** The app that routes are added to. */
export type AdminApp = OpenAPIHono<AdminEnv>;

/** A product in many languages with a thousand pictures is smaller; bytes. */
const largestBody = 4_194_304;

const wrongType = 'The body must be JSON, sent with content-type: application/json.';

/** Everything that is wrong with a request, in one message that names each field. */
const messageOf = (problems: readonly Problem[]): string =>
  problems
    .slice(0, 20)
    .map(({ message }) => `${message}.`)
    .join(' ');

/** An app whose validation answers with sentences. */
export function adminRoutes(): AdminApp {
  const app: AdminApp = new OpenAPIHono<AdminEnv>({
    strict: false,
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const whole = result.target === 'json' ? 'the body' : 'the query';
      // The hook's type does not say so, but what was refused comes with it.
      const { data } = result as { readonly data?: unknown };
      return c.json({ error: 'bad_request', message: messageOf(problemsOf(result.error, data, whole)) }, 400);
    },
  });
  app.use(
    bodyLimit({
      maxSize: largestBody,
      onError: (c) => c.json({ error: 'bad_request', message: `The body is larger than ${largestBody} bytes.` }, 413),
    }),
  );
  // A body of another type would be passed over, as if the request had none.
  app.use(async (c, next) => {
    const type = c.req.header('content-type') ?? '';
    const length =
      c.req.header('content-length') ?? (c.req.header('transfer-encoding') === undefined ? '0' : 'unknown');
    if (length === '0' || /^application\/([\w.-]+\+)?json\b/i.test(type)) return next();
    return c.json({ error: 'bad_request', message: wrongType }, 400);
  });
  app.onError((error, c) => {
    // What is no JSON is a fault of the request; all else is ours, and the server's to answer.
    if (!(error instanceof HTTPException) || error.status !== 400) throw error;
    return c.json({ error: 'bad_request', message: 'The body is not JSON.' }, 400);
  });
  return app;
}

/** An answer of JSON, for the description of a route. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

/** A body of JSON, for the description of a route. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
});

/** What a route answers whose request may be wrong. */
export const refused = { 400: json(problem, 'The request is wrong: the message names the field.') };
/** What a route answers whose request may ask for what is not there. */
export const notFound = { 404: json(problem, 'There is none.') };
/** What a route answers to a token that may not do this. */
export const forbidden = { 403: json(problem, 'The token may not do this.') };
/** What a route answers to what is well formed and cannot be. */
export const unprocessable = { 422: json(problem, 'It cannot be: the message says why.') };

/** What is answered to a token whose supplier is suspended. */
export const supplierSuspended = {
  error: 'forbidden',
  message: 'The supplier is suspended: nothing of it can be changed.',
};

/** A path with an id. */
export const byId = { params: z.object({ id: z.string().max(255) }) };

type Answered = 400 | 404 | 422;

const missing = (what: string) => ({
  body: { error: 'not_found', message: `There is no such ${what}.` },
  status: 404 as const,
});

/** How a refusal of the supplier is answered here: what is not there is 404, what cannot be 422. */
export function answerTo(refusal: Refusal): {
  readonly body: { readonly error: string; readonly message: string };
  readonly status: Answered;
} {
  switch (refusal.kind) {
    case 'bad_request':
      return { body: { error: 'bad_request', message: refusal.message }, status: 400 };
    case 'unprocessable':
      return { body: { error: 'unprocessable', message: refusal.message }, status: 422 };
    case 'availability':
      return missing('slot');
    default:
      return missing(refusal.kind);
  }
}

/** Answers with a refusal of the supplier. */
export function sendRefusal(c: Context, refusal: Refusal) {
  const { body, status } = answerTo(refusal);
  return c.json(body, status);
}
