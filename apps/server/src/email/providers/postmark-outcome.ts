import { z } from 'zod';
import type { Reply } from '../../platform/outbound/index.ts';
import type { SendOutcome } from './provider.ts';
import { jsonOf, statusOutcome, unanswered } from './vendor.ts';

/** What Postmark says of one message, be it the whole answer or one of a batch. */
const said = z.object({ ErrorCode: z.number(), Message: z.string().default(''), MessageID: z.string().optional() });

/**
 * Codes of what may be mended without the message: token (10), sender (400, 401), credits (405), account (412, 413), template (1101),
 * stream (1235, 1236). It leaves when it is.
 */
const mendable: ReadonlySet<number> = new Set([10, 400, 401, 405, 412, 413, 1101, 1235, 1236]);
/** Postmark is being maintained and takes nothing. */
const maintenance = 100;

/** What came of so many messages that went to Postmark together, in their order. */
export function postmarkOutcomes(reply: Reply, count: number, now: number): SendOutcome[] {
  const all = (outcome: SendOutcome) => Array.from({ length: count }, () => outcome);
  if (reply.kind === 'failed') return all(unanswered(reply));
  const body = jsonOf(reply.excerpt);
  if (reply.status !== 200) return all(refusalOf(reply, said.safeParse(body).data, now));
  const answers = Array.isArray(body) ? body : [body];
  if (answers.length !== count) return all(unreadable);
  return answers.map((answer) => {
    const { data } = said.safeParse(answer);
    return data === undefined ? unreadable : outcomeOf(data);
  });
}

const unreadable: SendOutcome = {
  kind: 'unknown',
  code: 'unreadable',
  detail: 'Postmark answered 200 with something that cannot be read.',
};

function outcomeOf({ ErrorCode, Message, MessageID }: z.infer<typeof said>): SendOutcome {
  if (ErrorCode === 0) return MessageID === undefined ? unreadable : { kind: 'accepted', ref: MessageID };
  const code = `postmark-${ErrorCode}`;
  return { kind: mendable.has(ErrorCode) ? 'deferred' : 'refused', code, detail: `${Message} (${ErrorCode})` };
}

function refusalOf(
  reply: Extract<Reply, { kind: 'response' }>,
  answer: z.infer<typeof said> | undefined,
  now: number,
): SendOutcome {
  const { status } = reply;
  const detail = answer === undefined ? `Postmark answered with status ${status}.` : `${answer.Message} (${status})`;
  if (status === 422 && answer !== undefined && answer.ErrorCode !== 0) return outcomeOf(answer);
  if (status === 503 && answer?.ErrorCode === maintenance) return { kind: 'deferred', code: '503', detail };
  return statusOutcome(reply, detail, now);
}
