import { createHash } from 'node:crypto';
import type { OrderDocument } from '@carillon/contract';
import { z } from '@hono/zod-openapi';
import { done, type Once, refuse } from '../supplier/index.ts';
import { keepAnswer, keptAnswer } from './answer-store.ts';

/** The header of a call that may come twice and is carried out once (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 characters of ASCII')
    .optional()
    .openapi({
      description:
        'The same call with the same key, within 48 hours, is answered as the first was and does nothing; another call with it is ' +
        'refused. What was refused is not remembered.',
    }),
});

/** A call, as far as it must be the same when it comes again. */
interface Call {
  readonly supplierId: string;
  /** Undefined: each time anew. */
  readonly key: string | undefined;
  /** What is asked for, of what. JSON can say it. */
  readonly asked: readonly unknown[];
  /** ms UTC. */
  readonly now: number;
}

const anotherCall = 'Idempotency-Key: it came before, with another call or another body.';

/** Carries out a call once for its key; `show` makes what it is answered. */
export function once<T>({ supplierId, key, asked, now }: Call, show: (order: OrderDocument) => T): Once<T> {
  if (key === undefined) return { recall: async () => undefined, keep: async (_, order) => show(order) };
  const fingerprint = createHash('sha256').update(JSON.stringify(asked)).digest('base64url');
  return {
    async recall(tx) {
      const kept = await keptAnswer(tx, { supplierId, key });
      if (kept === undefined) return undefined;
      if (kept.fingerprint !== fingerprint) return refuse({ kind: 'bad_request', message: anotherCall });
      return done(JSON.parse(kept.answer) as T);
    },
    async keep(tx, order) {
      const answer = show(order);
      await keepAnswer(tx, { supplierId, key, fingerprint }, JSON.stringify(answer), now);
      return answer;
    },
  };
}
