import { z } from '@hono/zod-openapi';
import { eventKinds } from '../email/index.ts';

const at = z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' });

/** What became of an e-mail after a provider took it, as the provider reported it. */
export const messageEvents = z
  .array(
    z
      .object({
        id: z.string(),
        kind: z.enum(eventKinds),
        detail: z.string().nullable().openapi({ description: 'Of a bounce: its type; of a click: where it led.' }),
        happenedAt: at,
        receivedAt: at,
      })
      .openapi('MessageEvent'),
  )
  .openapi({ description: 'What the provider reported of it, the first first.' });
