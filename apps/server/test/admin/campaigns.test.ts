import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

const told = { name: 'VIP', occasions: ['confirmed'], template: 'confirmation' };

onEachEngine('campaigns over /api', (open) => {
  test('are made, changed and deleted, and say nothing that was not told', async () => {
    const { api } = await openStage(await open());
    const made = await answered(201, api('POST', '/campaigns', { ...told, conditions: { products: ['p1'] } }));
    expect(made).toMatchObject({ ...told, enabled: false, marketing: false, priority: 100, only: true });
    const changes = {
      enabled: true,
      priority: 5,
      quietHours: { from: '21:00', to: '08:00' },
      recipients: { bcc: ['a@b.example'] },
    };
    const changed = await answered(200, api('PATCH', `/campaigns/${made.id}`, changes));
    const recipients = { guest: true, unitContacts: false, addresses: [], bcc: ['a@b.example'] };
    expect(changed).toEqual({ ...made, ...changes, recipients });
    const { campaigns } = await answered(200, api('GET', '/campaigns'));
    expect(campaigns[0]).toEqual(changed);
    expect(await answered(200, api('DELETE', `/campaigns/${made.id}`))).toEqual({ deleted: true });
    expect((await api('DELETE', `/campaigns/${made.id}`)).status).toBe(404);
  });

  test.each([
    [400, 'template', { template: 'poem' }],
    [400, 'occasions', { occasions: [] }],
    [400, 'conditions.fields[0].pointer', { conditions: { fields: [{ pointer: 'status' }] } }],
    [400, 'quietHours.from', { quietHours: { from: '8', to: '09:00' } }],
    [400, 'recipients.bcc[0]', { recipients: { bcc: ['a@b, c@d'] } }],
    [400, 'link', { link: 'ftp://x.example' }],
    [422, 'occasions', { occasions: ['visit_ahead', 'confirmed'], template: 'reminder' }],
    [422, 'template', { occasions: ['expired'] }],
    [422, 'marketing', { occasions: ['expired'], template: 'recovery' }],
    [422, 'cap', { cap: { most: 1, days: 1 } }],
    [422, 'providerId', { providerId: 'nobody' }],
    [422, 'name', { name: 'confirmation' }],
  ])('are refused with %s and a sentence that names %s', async (status, field, wrong) => {
    const { api } = await openStage(await open());
    const before = await answered(200, api('GET', '/campaigns'));
    const { message } = await answered(status, api('POST', '/campaigns', { ...told, ...wrong }));
    expect(message).toContain(field);
    const { id } = before.campaigns.find(({ name }: { name: string }) => name === 'cancellation');
    expect((await api('PATCH', `/campaigns/${id}`, { ...wrong, occasions: told.occasions, ...wrong })).status).toBe(
      status,
    );
    expect(await answered(200, api('GET', '/campaigns'))).toEqual(before);
  });

  test('that e-mails were opened for stay, and their e-mails tell what they said', async () => {
    const { api, db, sample } = await openStage(await open());
    const { id } = (await answered(200, api('GET', '/campaigns'))).campaigns[0];
    const mime =
      'From: a@b.example\r\nTo: c@d.example\r\nSubject: Hello\r\nContent-Type: text/plain\r\n\r\nSee you\r\n';
    await db.run(
      `insert into messages
         (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at, address, mime)
       values ('m1', $1, $2, 'o1', 'guest', 'sent', 0, 1, 0, 0, 'c@d.example', $3)`,
      [sample.supplierId, id, mime],
    );
    expect((await answered(422, api('DELETE', `/campaigns/${id}`))).message).toContain('switch it off');
    const { message, copy } = await answered(200, api('GET', '/messages/m1'));
    expect(message).toMatchObject({ id: 'm1', campaignId: id, kind: 'news', address: 'c@d.example' });
    expect(copy).toEqual({ html: null, text: 'See you\n', files: [] });
    const { id: again } = await answered(202, api('POST', '/messages/m1/resend', { address: 'e@f.example' }));
    const { messages } = await answered(200, api('GET', '/messages?address=E@f.example'));
    expect(messages).toMatchObject([{ id: again, kind: 'again', copyOf: 'm1' }]);
    expect((await api('POST', '/messages/m1/resend', { address: 'nobody' })).status).toBe(400);
  });
});
