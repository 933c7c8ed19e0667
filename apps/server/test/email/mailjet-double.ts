import { randomUUID } from 'node:crypto';
import { type Asked, httpDouble, type Told } from './http-double.ts';

/** A message as Mailjet gets it. */
export interface MailjetSent {
  readonly From: { readonly Email: string; readonly Name?: string };
  readonly To: readonly { readonly Email: string; readonly Name?: string }[];
  readonly Subject?: string;
  readonly TextPart?: string;
  readonly HTMLPart?: string;
  readonly TemplateID?: number;
  readonly Variables?: Record<string, unknown>;
  readonly CustomID?: string;
  readonly Headers?: Record<string, string>;
}

const fault = (ErrorCode: string, StatusCode: number, ErrorMessage: string) => ({
  ErrorIdentifier: randomUUID(),
  ErrorCode,
  StatusCode,
  ErrorMessage,
  ErrorRelatedTo: [],
});

const forbiddenHeaders = ['from', 'to', 'subject', 'message-id', 'reply-to', 'received', 'return-path', 'date'];

/** An account at Mailjet, as its documentation describes it. */
export async function mailjetDouble(key = 'key', secret = 'secret') {
  const taken: (MailjetSent & { readonly MessageUUID: string })[] = [];
  const callbacks = new Map<number, Record<string, unknown>>();
  const templates = new Set<number>([17]);
  let records = true;
  let ids = 0;

  function errorsOf(message: MailjetSent): ReturnType<typeof fault>[] {
    const bad = message.To.find(({ Email }) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(Email));
    if (bad !== undefined) return [fault('mj-0013', 400, `"${bad.Email}" is an invalid email address.`)];
    if (message.To.length > 50) return [fault('send-0015', 400, 'Too many recipients.')];
    if (!message.From.Email.endsWith('@carillon.example')) {
      return [
        fault('send-0008', 403, `"${message.From.Email}" is not an authorized sender email address for your account.`),
      ];
    }
    const header = Object.keys(message.Headers ?? {}).find((name) => forbiddenHeaders.includes(name.toLowerCase()));
    if (header !== undefined) return [fault('send-0011', 400, `Header ${header} cannot be customized.`)];
    if (message.TemplateID === undefined && !message.TextPart && !message.HTMLPart) {
      return [fault('send-0003', 400, 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.')];
    }
    if (message.TemplateID !== undefined && !templates.has(message.TemplateID)) {
      return [fault('send-0010', 400, 'Template ID does not exist.')];
    }
    return (message.Subject ?? '').length > 255 ? [fault('mj-0004', 400, 'Subject is too long.')] : [];
  }

  function send({ body }: Asked): Told {
    const { Messages, SandboxMode = false } = body as { Messages: MailjetSent[]; SandboxMode?: boolean };
    if (Messages.length > 50) return { status: 400, body: fault('mj-0005', 400, 'Too many messages.') };
    const all = Messages.map((message) => {
      const Errors = errorsOf(message);
      if (Errors.length > 0) return JSON.stringify({ Status: 'error', CustomID: message.CustomID, Errors });
      const MessageUUID = randomUUID();
      if (!SandboxMode) taken.push({ ...message, MessageUUID });
      // Above 2^53, as Mailjet’s are: written by hand, for JavaScript has no such number.
      const to = message.To.map(
        ({ Email }) =>
          `{"Email":${JSON.stringify(Email)},"MessageUUID":"${MessageUUID}","MessageID":${`11529215046${String(++ids).padStart(8, '0')}`},"MessageHref":""}`,
      );
      return `{"Status":"success","CustomID":${JSON.stringify(message.CustomID)},"To":[${to.join(',')}],"Cc":[],"Bcc":[]}`;
    });
    const failed = all.some((one) => one.includes('"Status":"error"'));
    return { status: failed ? 400 : 200, body: `{"Messages":[${all.join(',')}]}` };
  }

  function hooks({ method, path, body }: Asked): Told {
    const id = Number(path.split('/')[4]);
    const list = () => ({ Count: callbacks.size, Total: callbacks.size, Data: [...callbacks.values()] });
    if (method === 'GET') return { status: 200, body: list() };
    const wanted = body as Record<string, unknown>;
    const same = [...callbacks.values()].some(({ EventType, ID }) => EventType === wanted.EventType && ID !== id);
    if (method === 'POST' && same)
      return { status: 400, body: { ErrorMessage: 'An EventType has one callback.', StatusCode: 400 } };
    const ID = method === 'PUT' ? id : callbacks.size + 1;
    callbacks.set(ID, { Status: 'alive', ...callbacks.get(ID), ...wanted, ID });
    return { status: 200, body: { Count: 1, Total: 1, Data: [callbacks.get(ID)] } };
  }

  const double = await httpDouble((asked) => {
    const { method, path, headers, query } = asked;
    if (headers.authorization !== `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`) {
      return { status: 401, body: fault('mj-0015', 401, 'API key authentication/authorization failure.') };
    }
    if (method === 'POST' && path === '/v3.1/send') return send(asked);
    if (method === 'GET' && path === '/v3/REST/message') {
      const found = records ? taken.filter(({ CustomID }) => CustomID === query.get('CustomID')) : [];
      const Data = found
        .slice(0, Number(query.get('Limit')))
        .map(({ MessageUUID }) => ({ UUID: MessageUUID, Status: 'sent' }));
      return { status: 200, body: { Count: Data.length, Total: Data.length, Data } };
    }
    if (path.startsWith('/v3/REST/eventcallbackurl')) return hooks(asked);
    return { status: 404, body: fault('mj-0017', 404, 'Not found.') };
  });
  return {
    ...double,
    taken,
    callbacks,
    /** Its records fall behind, or have caught up. */
    keepRecords(kept: boolean) {
      records = kept;
    },
  };
}
