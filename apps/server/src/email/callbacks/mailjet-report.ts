import { z } from 'zod';
import { type EventKind, fingerprintOf, linkOf, type Report } from './report.ts';

const mailjetEvent = z.object({
  event: z.string(),
  time: z.coerce.number().optional(),
  email: z.string().max(1000).optional(),
  Message_GUID: z.string().max(200).optional(),
  CustomID: z.string().max(200).optional(),
  url: z.string().optional(),
  hard_bounce: z.boolean().optional(),
  error: z.string().max(200).optional(),
});

type MailjetEvent = z.infer<typeof mailjetEvent>;

/** What each event says of a message. `blocked`: Mailjet itself would not send it on. */
const kinds: Readonly<Record<string, EventKind>> = {
  sent: 'delivered',
  open: 'opened',
  click: 'clicked',
  bounce: 'bounced',
  blocked: 'bounced',
  spam: 'complained',
  unsub: 'unsubscribed',
};

/** What a POST of Mailjet's reports: an array of mixed events, or one alone. What cannot be read or is of no interest is passed over. */
export function mailjetReports(body: unknown, now: number): Report[] {
  const records: readonly unknown[] = Array.isArray(body) ? body : [body];
  return records.flatMap((record) => {
    const { data } = mailjetEvent.safeParse(record);
    const kind = data === undefined ? undefined : kinds[data.event];
    if (data === undefined || kind === undefined) return [];
    return [
      {
        name: data.CustomID || null,
        ref: data.Message_GUID || null,
        kind,
        detail: detailOf(data),
        happenedAt: data.time === undefined || data.time <= 0 ? now : data.time * 1000,
        address: data.email ?? null,
        suppression: suppressionOf(data),
        fingerprint: fingerprintOf(record),
      },
    ];
  });
}

function detailOf({ event, url, error, hard_bounce }: MailjetEvent): string | null {
  if (event === 'click') return linkOf(url ?? '');
  if (event === 'blocked') return error ? `blocked: ${error}` : 'blocked';
  if (event === 'bounce') return [hard_bounce ? 'hard' : 'soft', error].filter(Boolean).join(': ');
  return null;
}

function suppressionOf({ event, hard_bounce }: MailjetEvent): Report['suppression'] {
  if (event === 'spam') return { scope: 'all', reason: 'complaint' };
  if (event === 'unsub') return { scope: 'marketing', reason: 'unsubscribe' };
  return event === 'bounce' && hard_bounce === true ? { scope: 'all', reason: 'bounce' } : null;
}
