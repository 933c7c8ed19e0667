import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { type MailboxDeps, mailboxApp, mailboxProvider } from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booking } from './bookings.ts';
import { createDesk, given, newId, supplierId } from './desk.ts';

const origin = 'http://127.0.0.1:4567';

function mailbox(db: Db, options: Partial<MailboxDeps> = {}) {
  const app = new Hono().route('/mailbox', mailboxApp({ db, ...options }));
  return (path: string, init?: RequestInit) => app.request(`${origin}/mailbox${path}`, init);
}

async function withConfirmation(db: Db) {
  const desk = await createDesk(db);
  await given(desk, booking());
  await desk.happens(booking({ status: 'CONFIRMED' }));
  await desk.settle();
  const get = mailbox(db);
  const { messages } = (await (await get('/api/messages')).json()) as { messages: { id: string }[] };
  return { desk, get, id: messages[0]!.id };
}

/** An e-mail that somebody made up. */
async function withMail(db: Db, mime: readonly string[]) {
  const provider = mailboxProvider({ db, now: () => 0, newId });
  await createDesk(db);
  const envelope = { supplierId, messageId: '<m1@test>', from: 'a@example.com', to: 'b@example.com' };
  const mail = { ...envelope, mime: mime.join('\r\n') };
  await provider.send(mail);
  await provider.send(mail);
  const get = mailbox(db);
  const { messages } = (await (await get('/api/messages')).json()) as { messages: { id: string }[] };
  return { get, messages, id: messages[0]!.id };
}

onEachEngine('the mailbox', (open) => {
  test('lists what was sent, the newest first, and shows it', async () => {
    const { desk, get, id } = await withConfirmation(await open());
    desk.clock.now += 60_000;
    const cancellation = { refund: 'FULL', reason: null, utcCancelledAt: '2026-11-23T10:00:00Z' } as const;
    await desk.happens(booking({ status: 'CANCELLED', cancellation }));
    await desk.settle();
    const list = await (await get('')).text();
    expect(list.indexOf('Your booking is cancelled')).toBeGreaterThan(0);
    expect(list.indexOf('Your booking is confirmed')).toBeGreaterThan(list.indexOf('Your booking is cancelled'));
    expect(list).toContain('ada@example.com');
    const page = await (await get(`/${id}`)).text();
    expect(page).toContain(
      `<iframe title="The e-mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mailbox/${id}/html">`,
    );
    expect(page).toContain('booking.ics');
    expect(page).toContain('Auto-Submitted');
  });

  test('gives the same as JSON', async () => {
    const { get, id } = await withConfirmation(await open());
    const list = await (await get('/api/messages')).json();
    expect(list).toMatchObject({
      messages: [
        {
          id,
          messageId: expect.stringMatching(/^<.+@carillon\.example>$/),
          from: 'tickets@carillon.example',
          to: 'ada@example.com',
          subject: 'Your booking is confirmed: Harbour cruise, Saturday, 5 December 2026',
          receivedAt: '2026-11-23T10:00:10.000Z',
        },
      ],
    });
    const mail = await (await get(`/api/messages/${id}`)).json();
    expect(mail).toMatchObject({
      id,
      headers: expect.arrayContaining([{ name: 'Auto-Submitted', value: 'auto-generated' }]),
      html: expect.stringContaining('src="data:image/png;base64,'),
      text: expect.stringContaining('V-0001'),
      attachments: [
        { filename: 'code-1.png', contentType: 'image/png', cid: 'code-1@carillon' },
        { filename: 'booking.ics', contentType: 'text/calendar', cid: null, url: `/mailbox/${id}/files/1` },
      ],
    });
  });

  test('shows the HTML where nothing runs and nothing is fetched', async () => {
    const { get, id } = await withConfirmation(await open());
    const shown = await get(`/${id}/html`);
    const policy = shown.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox allow-popups');
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(await shown.text()).toContain('data:image/png;base64,');
  });

  test('gives the files and the whole e-mail to keep', async () => {
    const { get, id } = await withConfirmation(await open());
    const file = await get(`/${id}/files/1`);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="booking.ics"; filename*=UTF-8''booking.ics`,
    );
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(await file.text()).toMatch(/^BEGIN:VCALENDAR/);
    const raw = await get(`/${id}/raw`);
    expect(raw.headers.get('content-type')).toBe('message/rfc822');
    expect(await raw.text()).toMatch(/^Subject: Your booking is confirmed/m);
  });

  test('says so when there is nothing, or not that', async () => {
    const get = mailbox(await open());
    expect(await (await get('')).text()).toContain('No e-mails yet');
    for (const path of ['/nothing', '/nothing/html', '/nothing/raw', '/nothing/files/0', '/api/messages/nothing']) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  test('is silent about what would be sent when e-mails leave', async () => {
    const db = await open();
    expect(await (await mailbox(db)('')).text()).toContain('would have sent');
    expect(await (await mailbox(db, { keeps: false })('')).text()).not.toMatch(/would have sent|Confirm a booking/);
  });

  test.each([
    ['localhost:4567', 200],
    ['127.0.0.1', 200],
    ['[::1]:4567', 200],
    ['carillon.example', 200],
    ['evil.example:4567', 421],
    ['127.0.0.1.evil.example', 421],
    ['evil.example/@localhost', 421],
    ['', 421],
  ])('asked under the name of %j answers %d', async (host, status) => {
    const get = mailbox(await open(), { publicUrl: () => 'https://carillon.example/' });
    for (const path of ['', '/api/messages']) expect((await get(path, { headers: { host } })).status).toBe(status);
  });

  test('is emptied by its button and over its API, and by no other site', async () => {
    const { desk, get } = await withConfirmation(await open());
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const foreign = await get('/clear', { method: 'POST', headers: { ...form, origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(await desk.mails()).toHaveLength(1);
    const own = await get('/clear', { method: 'POST', headers: { ...form, origin } });
    expect(own.status).toBe(303);
    expect(await desk.mails()).toHaveLength(0);
    expect(await (await get('/api/messages', { method: 'DELETE' })).json()).toEqual({ deleted: 0 });
  });

  test('keeps an e-mail once, whatever it is sent', async () => {
    const db = await open();
    const { messages } = await withMail(db, ['Subject: Hello', '', 'Hello']);
    expect(messages).toHaveLength(1);
    expect(await db.all('select supplier_id from mails')).toEqual([{ supplier_id: supplierId }]);
  });

  test('takes nothing in an e-mail for its own', async () => {
    const { get, id } = await withMail(await open(), [
      'Subject: <script>alert(1)</script>"\'',
      'X-Evil: <img src=x onerror=alert(2)>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<script>alert(3)</script>',
      '--b',
      'Content-Type: text/html',
      'Content-Disposition: attachment; filename="../../e\u0022vil\n.html"',
      '',
      '<script>alert(4)</script>',
      '--b--',
    ]);
    const pages = (await (await get('')).text()) + (await (await get(`/${id}`)).text());
    expect(pages).not.toMatch(/<script>|<img/);
    expect(pages).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const file = await get(`/${id}/files/0`);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"/\\\n]*"; filename\*=UTF-8''[^"/\\\n]*$/,
    );
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
