import { problemsOf } from '@carillon/contract';
import type { ZodType } from 'zod';
import { readJson } from '../platform/http/index.ts';
import { sendError } from './answer.ts';
import type { OctoContext, OctoLimits } from './deps.ts';
import { errorOfBody, errorOfProblems } from './error.ts';

async function parsed<T>(
  c: OctoContext,
  input: { readonly value: unknown; readonly called: string },
  schema: ZodType<T>,
  act: (request: T) => Promise<Response>,
): Promise<Response> {
  const result = schema.safeParse(input.value);
  if (!result.success) return sendError(c, errorOfProblems(problemsOf(result.error, input.value, input.called)));
  return act(result.data);
}

/** Reads the body by a schema and acts on it, or answers what is wrong with it. An empty body is an empty object. */
export async function withBody<T>(
  c: OctoContext,
  limits: OctoLimits,
  schema: ZodType<T>,
  act: (request: T) => Promise<Response>,
): Promise<Response> {
  const body = await readJson(c.req.raw, limits.body);
  if (!body.ok) return sendError(c, errorOfBody(body));
  return parsed(c, { value: body.value ?? {}, called: 'the body' }, schema, act);
}

/** Reads the query string by a schema and acts on it, or answers what is wrong with it. */
export function withQuery<T>(
  c: OctoContext,
  schema: ZodType<T>,
  act: (query: T) => Promise<Response>,
): Promise<Response> {
  return parsed(c, { value: c.req.query(), called: 'the query' }, schema, act);
}
