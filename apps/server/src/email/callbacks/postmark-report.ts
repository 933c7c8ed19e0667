import { z } from 'zod';
import { metadataName } from '../providers/postmark-message.ts';
import { fingerprintOf, linkOf, type Report, timeOf } from './report.ts';

const common = {
  MessageID: z.string().max(200).optional(),
  Metadata: z.record(z.string(), z.unknown()).nullish(),
  MessageStream: z.string().optional(),
};
const bounce = {
  ...common,
  Type: z.string().max(100).default('Unknown'),
  Email: z.string().max(1000).optional(),
  BouncedAt: z.string().optional(),
  Inactive: z.boolean().default(false),
};
const record = z.discriminatedUnion('RecordType', [
  z.object({
    ...common,
    RecordType: z.literal('Delivery'),
    Recipient: z.string().optional(),
    DeliveredAt: z.string().optional(),
  }),
  z.object({ ...bounce, RecordType: z.literal('Bounce') }),
  z.object({ ...bounce, RecordType: z.literal('SpamComplaint') }),
  z.object({ ...common, RecordType: z.literal('Open'), ReceivedAt: z.string().optional() }),
  z.object({
    ...common,
    RecordType: z.literal('Click'),
    ReceivedAt: z.string().optional(),
    OriginalLink: z.string().default(''),
  }),
  z.object({
    ...common,
    RecordType: z.literal('SubscriptionChange'),
    Recipient: z.string().max(1000).optional(),
    ChangedAt: z.string().optional(),
    SuppressSending: z.boolean(),
    SuppressionReason: z.string().nullish(),
  }),
]);
type PostmarkRecord = z.infer<typeof record>;

/** Types of bounces after which Postmark sends there no more, or had better not; the numbers of types are not branched on. */
const forGood: ReadonlySet<string> = new Set(['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated']);
/** Answers that are no bounces. */
const noBounce: ReadonlySet<string> = new Set(['AutoResponder', 'Subscribe', 'Unsubscribe', 'AddressChange']);

/** What a POST of Postmark's reports: one record; none where it cannot be read or is of no interest. `broadcast` is the stream of marketing. */
export function postmarkReports(body: unknown, now: number, broadcast: string): Report[] {
  const { data } = record.safeParse(body);
  if (data === undefined) return [];
  const name = data.Metadata?.[metadataName];
  const told = toldOf(data, now, broadcast);
  if (told === null) return [];
  return [
    {
      name: typeof name === 'string' ? name : null,
      ref: data.MessageID ?? null,
      fingerprint: fingerprintOf(body),
      ...told,
    },
  ];
}

type Told = Omit<Report, 'name' | 'ref' | 'fingerprint'>;

function toldOf(data: PostmarkRecord, now: number, broadcast: string): Told | null {
  const nothing = { detail: null, address: null, suppression: null };
  switch (data.RecordType) {
    case 'Delivery':
      return { ...nothing, kind: 'delivered', happenedAt: timeOf(data.DeliveredAt, now) };
    case 'Open':
      return { ...nothing, kind: 'opened', happenedAt: timeOf(data.ReceivedAt, now) };
    case 'Click':
      return {
        ...nothing,
        kind: 'clicked',
        detail: linkOf(data.OriginalLink),
        happenedAt: timeOf(data.ReceivedAt, now),
      };
    case 'SpamComplaint':
      return complaint(data, now);
    case 'Bounce': {
      if (data.Type === 'SpamComplaint') return complaint(data, now);
      if (noBounce.has(data.Type)) return null;
      const ended = data.Inactive || forGood.has(data.Type);
      return {
        kind: 'bounced',
        detail: data.Type,
        happenedAt: timeOf(data.BouncedAt, now),
        address: data.Email ?? null,
        suppression: ended ? { scope: 'all', reason: 'bounce' } : null,
      };
    }
    case 'SubscriptionChange':
      return changed(data, now, broadcast);
  }
}

function complaint(data: Extract<PostmarkRecord, { RecordType: 'Bounce' | 'SpamComplaint' }>, now: number): Told {
  return {
    kind: 'complained',
    detail: null,
    happenedAt: timeOf(data.BouncedAt, now),
    address: data.Email ?? null,
    suppression: { scope: 'all', reason: 'complaint' },
  };
}

function changed(
  data: Extract<PostmarkRecord, { RecordType: 'SubscriptionChange' }>,
  now: number,
  broadcast: string,
): Told {
  const told = { kind: null, detail: null, happenedAt: timeOf(data.ChangedAt, now), address: data.Recipient ?? null };
  if (!data.SuppressSending) return { ...told, suppression: 'lift' };
  if (data.SuppressionReason === 'HardBounce') return { ...told, suppression: { scope: 'all', reason: 'bounce' } };
  if (data.SuppressionReason === 'SpamComplaint')
    return { ...told, suppression: { scope: 'all', reason: 'complaint' } };
  const scope = data.MessageStream === broadcast ? 'marketing' : 'all';
  return { ...told, kind: 'unsubscribed', suppression: { scope, reason: 'unsubscribe' } };
}
