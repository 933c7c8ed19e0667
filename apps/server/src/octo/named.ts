import { uuid } from '@carillon/contract';
import { send, sendError } from './answer.ts';
import type { OctoContext } from './deps.ts';
import type { OctoError } from './error.ts';

/** The answer to a deletion, as Ventrata's documentation shows it. */
export const deleted = { success: true, message: 'Deleted successfully.' };

/**
 * Acts on what the path names in `id`, and answers with what that gives (as `answer` says), or with `unknown` where there is
 * nothing of that id; what is no UUID names nothing.
 */
export async function withNamed<T>(
  c: OctoContext,
  unknown: (id: string) => OctoError,
  act: (id: string) => Promise<T | undefined>,
  answer: (found: T) => Response = (found) => send(c, found),
): Promise<Response> {
  const given = c.req.param('id') ?? '';
  const parsed = uuid.safeParse(given);
  const found = parsed.success ? await act(parsed.data) : undefined;
  return found === undefined ? sendError(c, unknown(given)) : answer(found);
}
