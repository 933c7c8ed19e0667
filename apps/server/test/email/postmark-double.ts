import { randomUUID } from 'node:crypto';
import { type Asked, httpDouble, type Told } from './http-double.ts';

/** A message as Postmark gets it. */
export interface PostmarkSent {
  readonly From: string;
  readonly To: string;
  readonly Subject?: string;
  readonly HtmlBody?: string;
  readonly TextBody?: string;
  readonly ReplyTo?: string;
  readonly TemplateAlias?: string;
  readonly TemplateId?: number;
  readonly TemplateModel?: Record<string, unknown>;
  readonly MessageStream: string;
  readonly Metadata: Record<string, string>;
  readonly Headers: readonly { readonly Name: string; readonly Value: string }[];
  readonly Attachments: readonly {
    readonly Name: string;
    readonly Content: string;
    readonly ContentType: string;
    readonly ContentID: string | null;
  }[];
}

/** A message that it took. */
export interface PostmarkTaken extends PostmarkSent {
  readonly MessageID: string;
}

const refused = (ErrorCode: number, Message: string) => ({ ErrorCode, Message });
const accountStreams = ['outbound', 'broadcast'];

/** A server at Postmark, as its documentation describes it. */
export async function postmarkDouble(token = 'server-token') {
  const taken: PostmarkTaken[] = [];
  const templates = new Set<string>(['booking-confirmed']);
  const senders = new Set<string>(['carillon.example']);
  const suppressed = new Map<string, Map<string, string>>(accountStreams.map((id) => [id, new Map()]));
  const webhooks = new Map<number, Record<string, unknown>>();
  let records = true;

  function take(message: PostmarkSent, templated: boolean): { readonly ErrorCode: number; readonly Message: string } {
    const address = /<([^>]+)>$/.exec(message.To)?.[1] ?? message.To;
    const sender = /<([^>]+)>$/.exec(message.From)?.[1] ?? message.From;
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address)) return refused(300, `Invalid 'To' address: '${address}'.`);
    if (!senders.has(sender.split('@')[1] ?? '')) return refused(400, 'The sender signature was not found.');
    if (!suppressed.has(message.MessageStream)) return refused(1235, 'The message stream was not found.');
    if (templated && message.TemplateId === undefined && !templates.has(message.TemplateAlias ?? '')) {
      return refused(1101, 'The template was not found.');
    }
    if (!templated && (message.Subject === undefined || !(message.HtmlBody || message.TextBody))) {
      return refused(300, 'Zero recipients or no body.');
    }
    if (suppressed.get(message.MessageStream)?.has(address.toLowerCase())) {
      return refused(
        406,
        `You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ${address}.`,
      );
    }
    const MessageID = randomUUID();
    taken.push({ ...message, MessageID });
    return { ErrorCode: 0, Message: 'OK', ...{ To: message.To, SubmittedAt: new Date(0).toISOString(), MessageID } };
  }

  function send(messages: readonly PostmarkSent[], bytes: number, templated: boolean, alone: boolean): Told {
    if (messages.length > 500 || bytes > 50_000_000)
      return { status: 422, body: refused(410, 'Too many batch messages.') };
    if (alone && bytes > 10_000_000) return { status: 413, body: refused(0, 'Too large.') };
    const results = messages.map((message) => take(message, templated));
    if (!alone) return { status: 200, body: results };
    return { status: results[0]?.ErrorCode === 0 ? 200 : 422, body: results[0] };
  }

  function suppressions(asked: Asked, stream: string, action: string): Told {
    const list = suppressed.get(stream);
    if (list === undefined) return { status: 422, body: refused(1226, 'The message stream was not found.') };
    if (action === '/dump') {
      const all = [...list].map(([EmailAddress, SuppressionReason]) => ({
        EmailAddress,
        SuppressionReason,
        Origin: 'Recipient',
        CreatedAt: '2026-01-01T00:00:00Z',
      }));
      return { status: 200, body: { Suppressions: all } };
    }
    const { Suppressions: wanted } = asked.body as { Suppressions: { EmailAddress: string }[] };
    if (wanted.length > 50) return { status: 422, body: refused(300, 'Up to 50 addresses a request.') };
    const done = wanted.map(({ EmailAddress }) => {
      const address = EmailAddress.toLowerCase();
      if (action === '/delete' && list.get(address) === 'SpamComplaint') {
        return { EmailAddress, Status: 'Failed', Message: 'Spam complaints cannot be deleted.' };
      }
      if (action === '/delete') list.delete(address);
      else if (!list.has(address)) list.set(address, 'ManualSuppression');
      return { EmailAddress, Status: action === '/delete' ? 'Deleted' : 'Suppressed', Message: null };
    });
    return { status: 200, body: { Suppressions: done } };
  }

  function found(query: URLSearchParams): Told {
    const wanted = query.get('metadata_messageid');
    const all = records ? taken.filter(({ Metadata }) => Metadata.messageid === wanted) : [];
    return { status: 200, body: { TotalCount: all.length, Messages: all.slice(0, Number(query.get('count'))) } };
  }

  function hooks(asked: Asked): Told {
    const id = Number(asked.path.split('/')[2]);
    if (asked.method === 'GET') {
      const stream = asked.query.get('messageStream');
      const all = [...webhooks.values()].filter(({ MessageStream }) => stream === null || MessageStream === stream);
      return { status: 200, body: { Webhooks: all } };
    }
    if (asked.method === 'DELETE') {
      webhooks.delete(id);
      return { status: 200, body: refused(0, 'Webhook removed.') };
    }
    const ID = asked.method === 'PUT' ? id : webhooks.size + 1;
    const hook = { ...webhooks.get(ID), ...(asked.body as object), ID };
    webhooks.set(ID, hook);
    return { status: 200, body: hook };
  }

  const double = await httpDouble((asked) => {
    const { method, path, headers, body, bytes } = asked;
    if (headers['x-postmark-server-token'] !== token) {
      return { status: 401, body: refused(10, 'No Account or Server API tokens were supplied in the HTTP headers.') };
    }
    const stream = /^\/message-streams\/([^/]+)\/suppressions(\/\w+)?$/.exec(path);
    if (stream !== null) return suppressions(asked, stream[1] ?? '', stream[2] ?? '');
    if (path.startsWith('/webhooks')) return hooks(asked);
    switch (`${method} ${path}`) {
      case 'POST /email':
        return send([body as PostmarkSent], bytes, false, true);
      case 'POST /email/batch':
        return send(body as PostmarkSent[], bytes, false, false);
      case 'POST /email/withTemplate':
        return send([body as PostmarkSent], bytes, true, true);
      case 'POST /email/batchWithTemplates':
        return send((body as { Messages: PostmarkSent[] }).Messages, bytes, true, false);
      case 'GET /messages/outbound':
        return found(asked.query);
      case 'GET /server':
        return { status: 200, body: { ID: 1, Name: 'Harbour' } };
      default:
        return { status: 404, body: refused(0, 'Not found.') };
    }
  });
  return {
    ...double,
    taken,
    templates,
    suppressed,
    webhooks,
    /** Its records fall behind, or have caught up. */
    keepRecords(kept: boolean) {
      records = kept;
    },
  };
}
