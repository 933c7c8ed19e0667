import { z } from 'zod';
import type { Reply } from '../../platform/outbound/index.ts';
import type { SendOutcome } from './provider.ts';
import { jsonOf, statusOutcome, unanswered } from './vendor.ts';

const fault = z.object({ ErrorCode: z.string().default(''), ErrorMessage: z.string().default('') });
const result = z.discriminatedUnion('Status', [
  z.object({ Status: z.literal('success'), To: z.array(z.object({ MessageUUID: z.string() })).default([]) }),
  z.object({ Status: z.literal('error'), Errors: z.array(fault).default([]) }),
]);
/** What Mailjet says of each message of a call, also where it refused some. */
const results = z.object({ Messages: z.array(result) });

/** Codes of what may be mended without the message: account, sign-in, sender, template. It leaves when it is. */
const mendable: ReadonlySet<string> = new Set(['mj-0001', 'mj-0015', 'send-0008', 'send-0010']);

/** What came of so many messages that went to Mailjet together, in their order. */
export function mailjetOutcomes(reply: Reply, count: number, now: number): SendOutcome[] {
  const all = (outcome: SendOutcome) => Array.from({ length: count }, () => outcome);
  if (reply.kind === 'failed') return all(unanswered(reply));
  const body = jsonOf(reply.excerpt);
  const { data } = results.safeParse(body);
  const told = reply.status === 200 || (reply.status >= 400 && reply.status < 500 && reply.status !== 429);
  if (told && data?.Messages.length === count) return data.Messages.map(outcomeOf);
  if (reply.status === 200) return all(unreadable);
  const whole = fault.safeParse(body).data;
  const detail =
    whole === undefined || whole.ErrorMessage === ''
      ? `Mailjet answered with status ${reply.status}.`
      : `${whole.ErrorMessage} (${reply.status})`;
  if (reply.status < 500 && whole !== undefined && mendable.has(whole.ErrorCode)) {
    return all({ kind: 'deferred', code: whole.ErrorCode, detail });
  }
  return all(statusOutcome(reply, detail, now));
}

const unreadable: SendOutcome = {
  kind: 'unknown',
  code: 'unreadable',
  detail: 'Mailjet answered 200 with something that cannot be read.',
};

function outcomeOf(one: z.infer<typeof result>): SendOutcome {
  if (one.Status === 'success') {
    const ref = one.To[0]?.MessageUUID;
    return ref === undefined ? { kind: 'accepted' } : { kind: 'accepted', ref };
  }
  const [first] = one.Errors;
  const code = first?.ErrorCode || 'error';
  const detail =
    one.Errors.map((each) => `${each.ErrorMessage} (${each.ErrorCode})`).join(' ') || 'Mailjet refused it.';
  return { kind: mendable.has(code) ? 'deferred' : 'refused', code, detail };
}
