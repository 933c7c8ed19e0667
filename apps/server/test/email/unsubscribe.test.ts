import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booking, contact } from './bookings.ts';
import { createDesk, type Desk, given, supplierId } from './desk.ts';

const agreed = { contact: { ...contact, allowMarketing: true } };

/** A hold that ran out: its guest gets a recovery e-mail, which is marketing. */
async function abandoned(desk: Desk, order: number) {
  const one = { uuid: `0b0b0b0b-0000-4000-8000-00000000000${order}`, orderId: `order-${order}`, ...agreed };
  await given(desk, booking(one));
  await desk.happens(booking({ ...one, status: 'EXPIRED' }));
  await desk.settle();
}

onEachEngine('unsubscribing', (open) => {
  async function recovered() {
    const desk = await createDesk(await open());
    await abandoned(desk, 1);
    const [mail] = await desk.mails();
    const header = mail?.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '';
    const link = /<(https:[^>]+)>/.exec(header)?.[1] ?? '';
    const at = (method: string, path = new URL(link).pathname, headers = {}) =>
      desk.stack.http.request(path, {
        method,
        headers,
        ...(method === 'POST' ? { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) } : {}),
      });
    const suppressed = async () =>
      (await desk.stack.suppressions.list({ supplierId, limit: 10 })).map(({ scope, reason, source }) => [
        scope,
        reason,
        source,
      ]);
    return { desk, mail, link, at, suppressed };
  }

  test('is offered by every marketing e-mail, in its headers and in its text, and by no other', async () => {
    const { desk, mail, link } = await recovered();
    expect(link).toMatch(/^https:\/\/carillon\.example\/u\/[\w.-]+$/);
    expect(mail?.headerLines.find(({ key }) => key === 'list-unsubscribe-post')?.line).toContain(
      'List-Unsubscribe=One-Click',
    );
    expect(mail?.text).toContain(link);
    expect(mail?.html).toContain(`href="${link}"`);
    expect(link).not.toContain('ada');
    const two = { uuid: '0b0b0b0b-0000-4000-8000-000000000002', orderId: 'order-2' };
    await given(desk, booking(two));
    await desk.happens(booking({ ...two, status: 'CONFIRMED' }));
    await desk.settle();
    const [, confirmation] = await desk.mails();
    expect(confirmation?.headerLines.map(({ key }) => key)).not.toContain('list-unsubscribe');
    expect(confirmation?.text).not.toContain('/u/');
  });

  test('happens with a POST alone: a look at the link changes nothing', async () => {
    const { desk, at, suppressed } = await recovered();
    const page = await at('GET', undefined, { 'accept-language': 'de-AT' });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form method="post">')]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    await at('HEAD');
    expect(await suppressed()).toEqual([]);
    expect((await at('POST')).status).toBe(200);
    expect((await at('POST')).status).toBe(200);
    expect(await suppressed()).toEqual([['marketing', 'unsubscribe', 'link']]);
    const events = await desk.db.all('select kind from message_events');
    expect(events).toEqual([{ kind: 'unsubscribed' }]);
  });

  test('ends marketing to the address, and nothing that a booking needs', async () => {
    const { desk, at } = await recovered();
    await at('POST');
    await abandoned(desk, 2);
    const three = { uuid: '0b0b0b0b-0000-4000-8000-000000000003', orderId: 'order-3' };
    await given(desk, booking(three));
    await desk.happens(booking({ ...three, status: 'CONFIRMED' }));
    await desk.settle();
    expect(await desk.messages()).toMatchObject([
      { orderId: 'order-3', state: 'sent' },
      { orderId: 'order-2', state: 'skipped', reason: 'The guest unsubscribed from marketing.' },
      { orderId: 'order-1', state: 'sent' },
    ]);
  });

  test('needs a link that is whole', async () => {
    const { at, link, suppressed } = await recovered();
    const { pathname } = new URL(link);
    const first = pathname[4] === 'A' ? 'B' : 'A';
    for (const path of ['/u/x', `${pathname}x`, pathname.slice(0, -1), `/u/${first}${pathname.slice(4)}`]) {
      expect([path, (await at('GET', path)).status, (await at('POST', path)).status]).toEqual([path, 404, 404]);
    }
    expect(await suppressed()).toEqual([]);
  });
});
