import { expect, it } from 'vitest';
import { createDesk, supplierId } from '../email/desk.ts';
import { confirmedOrder } from '../email/provider.ts';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage } from './stage.ts';

onEachEngine('an e-mail over /api', (open) => {
  it('shows what its provider reported of it, in the order in which it happened', async () => {
    const db = await open();
    const stage = await openStage(db);
    const desk = await createDesk(db);
    const { token } = await answered(
      201,
      stage.instance('POST', `/suppliers/${supplierId}/tokens`, { name: 'test', role: 'viewer' }),
    );
    await confirmedOrder(desk);
    const [message] = await desk.messages();
    const made = await desk.stack.directory.add(supplierId, {
      kind: 'mailjet',
      name: 'Mailjet',
      settings: { apiKey: 'key', apiSecret: 'secret', sandbox: false },
    });
    if ('problem' in made || made.callback === null) throw new Error('it has no callback');
    const { url, username, password } = made.callback;
    const of = { CustomID: message?.id, email: 'ada@example.com' };
    await desk.stack.http.request(new URL(url, 'https://carillon.example').pathname, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      body: JSON.stringify([
        { ...of, event: 'click', time: 200, url: 'https://harbour.example/tickets?key=1' },
        { ...of, event: 'sent', time: 100 },
      ]),
    });
    const shown = await answered(200, stage.apiAs(token)('GET', `/messages/${message?.id}`));
    expect(shown.events).toMatchObject([
      { kind: 'delivered', detail: null, happenedAt: 100_000, receivedAt: desk.clock.now },
      { kind: 'clicked', detail: 'https://harbour.example/tickets', happenedAt: 200_000 },
    ]);
    await answered(404, stage.api('GET', `/messages/${message?.id}`));
  });
});
