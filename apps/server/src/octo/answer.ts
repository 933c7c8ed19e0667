import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DocumentOf, type EventType, view } from '@carillon/contract';
import type { Result } from '../supplier/index.ts';
import { audienceOf } from './caller.ts';
import type { OctoContext } from './deps.ts';
import { errorOfRefusal, type OctoError, unprocessable } from './error.ts';

const json = { 'Content-Type': 'application/json' };

/** Answers 200, OCTO's only success, with `value` as JSON. */
export function send(c: OctoContext, value: unknown): Response {
  return c.body(JSON.stringify(value), 200, json);
}

/** Answers with an error. */
export function sendError(c: OctoContext, { status, body }: OctoError): Response {
  return c.body(JSON.stringify(body), status, json);
}

/** Answers with an error that is over once the caller has waited, ms. */
export function sendWait(c: OctoContext, error: OctoError, waitMs: number): Response {
  c.header('Retry-After', String(Math.ceil(waitMs / 1000)));
  return sendError(c, error);
}

/** Elements of a list that are shown at once, so that a long one holds up no other call. */
const shownAtOnce = 100;

/** The longest list that is shown, characters: what is stored once may be shown many times. */
const longestShown = 32 * 1024 * 1024;
const tooMuch = unprocessable('what matches is too large for one answer: ask for fewer');

/**
 * Answers with an outcome of the supplier that is a list: each of its elements as `show` gives it, or OCTO's error, also where
 * that is more than an answer can hold.
 */
export async function sendList<T>(
  c: OctoContext,
  result: Result<readonly T[]>,
  show: (value: T) => unknown,
): Promise<Response> {
  if (!result.ok) return sendError(c, errorOfRefusal(result.refusal));
  const texts: string[] = [];
  let length = 0;
  for (const [index, element] of result.value.entries()) {
    if (index > 0 && index % shownAtOnce === 0) await nextTurn();
    const text = JSON.stringify(show(element));
    length += text.length;
    if (length > longestShown) return sendError(c, tooMuch);
    texts.push(text);
  }
  return c.body(`[${texts.join(',')}]`, 200, json);
}

/** Answers with an outcome of the supplier: its value as `show` gives it, or OCTO's error for the refusal. */
export function sendResult<T>(c: OctoContext, result: Result<T>, show: (value: T) => unknown): Response {
  return result.ok ? send(c, show(result.value)) : sendError(c, errorOfRefusal(result.refusal));
}

/**
 * Shows documents of one type to the caller at `now` (ms UTC): by the function that shows them to webhooks, so that with the
 * same capabilities and language the bytes are the same.
 */
export function shownAs<T extends EventType>(
  c: OctoContext,
  type: T,
  now: number,
): (document: DocumentOf[T]) => unknown {
  const audience = audienceOf(c.var.caller);
  return (document) => view(type, document, audience, now);
}
