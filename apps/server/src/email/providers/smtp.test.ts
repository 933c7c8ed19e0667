import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { answer, type Behaviour, smtpReceiver } from '../../../test/email/smtp-receiver.ts';
import { createOutbound } from '../../platform/outbound/index.ts';
import type { Mail, MailProvider } from './provider.ts';
import { smtpLimits, smtpProvider } from './smtp.ts';

const mail: Mail = {
  supplierId: 'harbour',
  messageId: '<m1@carillon.example>',
  from: 'tickets@carillon.example',
  to: 'ada@example.com',
  mime: 'Message-ID: <m1@carillon.example>\r\nSubject: Hello\r\n\r\n.A line that begins with a dot\r\n',
};
const short = { ...smtpLimits, connectMs: 500, greetingMs: 500, askedMs: 500, answeredMs: 500 };

const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
afterAll(outbound.close);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function started(behaviour: Behaviour = {}) {
  const receiver = await smtpReceiver(behaviour);
  ends.push(receiver.close);
  return { receiver, provider: opened(receiver.url) };
}

function opened(url: string): MailProvider {
  const provider = smtpProvider(url, outbound.dial, short);
  ends.push(provider.close);
  return provider;
}

test('an e-mail arrives with its envelope and its bytes as they are', async () => {
  const { receiver, provider } = await started();
  expect(await provider.send(mail)).toEqual({ kind: 'accepted' });
  expect(receiver.accepted).toEqual([{ raw: mail.mime, to: [mail.to], from: mail.from }]);
});

test('a server may take longer to look through the content than to ask for it', async () => {
  const receiver = await smtpReceiver({ onContent: async () => void (await late.promise) });
  ends.push(receiver.close);
  const late = Promise.withResolvers<void>();
  const provider = smtpProvider(receiver.url, outbound.dial, { ...short, answeredMs: 60_000 });
  ends.push(provider.close);
  const sent = provider.send(mail);
  setTimeout(late.resolve, short.askedMs + 200);
  expect(await sent).toEqual({ kind: 'accepted' });
});

test('one connection carries many e-mails', async () => {
  const { receiver, provider } = await started();
  for (let n = 0; n < 5; n += 1) await provider.send({ ...mail, messageId: `<${n}@carillon.example>` });
  expect(receiver.accepted).toHaveLength(5);
  expect(receiver.connections()).toBe(1);
});

test('a hundred at once go over no more connections than the limit', async () => {
  const { receiver, provider } = await started();
  const sent = await Promise.all(
    Array.from({ length: 100 }, (_, n) => provider.send({ ...mail, messageId: `<${n}@carillon.example>` })),
  );
  expect(sent.every(({ kind }) => kind === 'accepted')).toBe(true);
  expect(receiver.accepted).toHaveLength(100);
  expect(receiver.connections()).toBeLessThanOrEqual(smtpLimits.connections);
});

describe('what the server did not take', () => {
  test.each<[string, Behaviour, string, string]>([
    ['refuses the recipient', { onRecipient: () => answer(550, 'No such user') }, 'refused', '550'],
    ['cannot take the recipient now', { onRecipient: () => answer(450, 'Try later') }, 'deferred', '450'],
    ['refuses the content', { onContent: () => answer(554, 'Spam') }, 'refused', '554'],
    ['cannot take the content now', { onContent: () => answer(451, 'Try later') }, 'deferred', '451'],
    [
      'refuses the sender, which the operator can mend',
      { onSender: () => answer(550, 'Not yours') },
      'deferred',
      '550',
    ],
    ['is busy', { onConnect: () => answer(421, 'Too many connections') }, 'deferred', '421'],
  ])('one that %s', async (_what, behaviour, kind, code) => {
    const { receiver, provider } = await started(behaviour);
    expect(await provider.send(mail)).toMatchObject({ kind, code });
    expect(receiver.accepted).toEqual([]);
  });

  test('one that takes nothing of that size', async () => {
    const { provider } = await started({ size: 50 });
    expect(await provider.send(mail)).toMatchObject({ kind: 'refused' });
  });

  test('one that is not there', async () => {
    const { receiver } = await started();
    await receiver.close();
    expect(await opened(receiver.url).send(mail)).toMatchObject({ kind: 'deferred', code: 'ECONNREFUSED' });
  });

  test('one on a private address that is not opened', async () => {
    const { receiver } = await started();
    const guarded = createOutbound({ allow: [] });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const provider = smtpProvider(receiver.url.replace('127.0.0.1', host), guarded.dial, short);
      expect(await provider.send(mail)).toMatchObject({ kind: 'deferred', code: 'FORBIDDEN_ADDRESS' });
      await provider.close();
    }
    expect(receiver.connections()).toBe(0);
    await guarded.close();
  });

  test('one whose name nobody knows', async () => {
    expect(await opened('smtp://nowhere.invalid').send(mail)).toMatchObject({ kind: 'deferred' });
  });

  test('one that says nothing before the content', async () => {
    const { provider } = await started({ onSender: () => new Promise(() => undefined) });
    expect(await provider.send(mail)).toMatchObject({ kind: 'deferred', code: 'ETIMEDOUT' });
  });

  test('one that closed an idle connection: the e-mail goes over another', async () => {
    const { receiver, provider } = await started();
    await provider.send(mail);
    receiver.behave({ onContent: () => undefined });
    const again = { ...mail, messageId: '<m2@carillon.example>' };
    expect(await provider.send(again)).toEqual({ kind: 'accepted' });
  });
});

describe('what nobody can tell', () => {
  test('a server that goes away with the content', async () => {
    const { provider } = await started({ onContent: () => 'drop' });
    expect(await provider.send(mail)).toMatchObject({ kind: 'unknown' });
  });

  test('a server that goes away with the content on a connection that was used before: it is not sent again', async () => {
    const { receiver, provider } = await started();
    await provider.send(mail);
    let times = 0;
    receiver.behave({
      onContent: () => {
        times += 1;
        return 'drop';
      },
    });
    expect(await provider.send({ ...mail, messageId: '<m2@carillon.example>' })).toMatchObject({ kind: 'unknown' });
    expect(times).toBe(1);
  });

  test('a server that is silent after the content', async () => {
    const { provider } = await started({ onContent: () => new Promise(() => undefined) });
    expect(await provider.send(mail)).toMatchObject({ kind: 'unknown', code: 'ETIMEDOUT' });
  });
});
