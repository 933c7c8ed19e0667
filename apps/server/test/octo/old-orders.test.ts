import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { guest, ok, openStage } from './stage.ts';

onEachEngine('orders from before they were found by their contact', (open, place) => {
  it('are found by it once a server has run, as they are now, also by several nodes at once', async () => {
    const where = await place();
    const { octo, cruise, db, supplier } = await openStage(await open({ place: where }));
    const orders: string[] = [];
    for (let count = 0; count < 60; count++) {
      const contact = {
        ...guest,
        lastName: `ÜBEL ${count % 2}`,
        emailAddress: `G${count}@example.com`,
        phoneNumber: '+49 40 1',
      };
      const booking = await ok(
        octo.website('POST', '/bookings', { ...cruise(), contact }, { 'octo-capabilities': 'cart' }),
      );
      orders.push(booking.orderId);
    }
    const nobody = await ok(octo.website('POST', '/orders', {}));
    const contact = await db.all('select id, contact_email, contact_last_name, contact_phone from orders order by id');
    await db.run('update orders set contact_email = null, contact_last_name = null, contact_phone = null');
    await db.run('insert into orders_unsearched (id) select id from orders');
    const found = async (query: string) =>
      (await ok(octo.website('GET', `/orders?${query}`))).map(({ id }: { id: string }) => id).toSorted();
    expect(await found('contactLastName=%C3%BCbel%201')).toEqual([]);

    let searched = 0;
    for (let round = 0; round < 3; round++) {
      const counts = await Promise.all([supplier.searchOldOrders(), supplier.searchOldOrders()]);
      searched += counts[0] + counts[1];
    }
    expect(searched).toBe(61);
    expect(await db.all('select id from orders_unsearched')).toEqual([]);
    expect(await found('contactLastName=%C3%BCbel%201')).toEqual(
      orders.filter((_, index) => index % 2 === 1).toSorted(),
    );
    expect(await found('contactEmailAddress=g7@EXAMPLE.com')).toEqual([orders[7]]);
    expect(await found('contactPhoneNumber=49401')).toHaveLength(60);
    expect(await db.all('select id, contact_email, contact_last_name, contact_phone from orders order by id')).toEqual(
      contact,
    );
    expect(await found(`supplierReference=${nobody.supplierReference}`)).toEqual([nobody.id]);
  });
});
