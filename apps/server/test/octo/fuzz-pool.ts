import type { Known } from './arbitrary.ts';
import type { Sent } from './fuzz-calls.ts';
import { type Belongings, foundOtherSupplier, settleIn } from './parties.ts';
import { type Call, guest, ok, type Stage } from './stage.ts';

/** Texts that stand for what is made just before the call: a hold in an order of its own, a webhook, a subscription. */
const fresh = {
  uuid: 'UUID-OF-A-NEW-HOLD',
  orderId: 'ID-OF-ITS-ORDER',
  webhookId: 'ID-OF-A-WEBHOOK-THAT-IS-THERE',
  subscriptionId: 'ID-OF-A-SUBSCRIPTION-THAT-IS-THERE',
};
/** The URL of that webhook. */
const freshUrl = 'https://fresh.example/';

/** What calls are drawn from. */
export interface Pool {
  readonly known: Known;
  /** What a caller may ask for, and delete by, but not write: otherwise it would be shown what it wrote itself. */
  readonly asked: Known;
  /** Of another connection, and of one of another supplier. */
  readonly others: readonly { readonly call: Call; readonly own: Belongings }[];
}

/** Fills the database with bookings of the caller in several states, and with what other connections have. */
export async function fill(stage: Stage): Promise<Pool> {
  const { website, reseller, stranger } = stage.octo;
  const cart = { 'octo-capabilities': 'cart' };
  const mine = [];
  for (const request of [stage.cruise(), stage.rowing(), stage.cruise({ date: '2026-06-11' }), stage.cruise()]) {
    mine.push(await ok(website('POST', '/bookings', { ...request, contact: guest }, cart)));
  }
  await ok(website('POST', `/bookings/${mine[1].uuid}/confirm`));
  await ok(website('POST', `/bookings/${mine[3].uuid}/cancel`));
  const url = 'https://crm.example/hook';
  const webhook = await ok(website('POST', '/webhooks', { event: 'booking_update', url }));
  const subscribed = { notificationTypes: ['BOOKING_UPDATE'], url };
  const subscription = await ok(website('POST', '/notifications/subscriptions', subscribed));
  await foundOtherSupplier(stage);
  const others = [
    { call: reseller, own: await settleIn(stage, reseller, 'SECRET-OF-THE-RESELLER') },
    { call: stranger, own: await settleIn(stage, stranger, 'SECRET-OF-ANOTHER-SUPPLIER') },
  ];
  const theirs = <Key extends keyof Belongings>(key: Key) => others.map(({ own }) => own[key]);
  const { cruise, museum, rowing } = stage.sample.products;
  // Mostly of one product, so that ids fit each other.
  const products = [...Array<typeof cruise>(30).fill(cruise), museum, rowing];
  const units = products.flatMap((product) => Object.values(product.units));
  return {
    others,
    known: {
      productId: products.map((product) => product.productId),
      optionId: products.map((product) => product.optionId),
      unitId: units,
      id: units,
      availabilityId: [
        ...Array<string>(9).fill('2026-06-10T14:00:00+02:00'),
        '2026-06-11T20:00:00+02:00',
        '2026-06-12T00:00:00+02:00',
      ],
      availabilityIds: [
        ...Array<string>(9).fill('2026-06-10T14:00:00+02:00'),
        '2026-06-13T16:00:00+02:00',
        '2026-06-12T20:00:00+02:00',
      ],
      uuid: [
        ...Array<string>(6).fill(fresh.uuid),
        ...mine.map((booking) => booking.uuid),
        ...theirs('uuid'),
        mine[0].unitItems[0].uuid,
      ],
      orderId: [
        ...Array<string>(6).fill(fresh.orderId),
        ...mine.map((booking) => booking.orderId),
        ...theirs('orderId'),
      ],
      localDate: ['2026-06-10', '2026-06-11', '0000-01-01', '9999-12-31'],
      localDateStart: ['2026-06-10', '2026-06-01', '2026-06-09', '2026-06-10', '0001-01-01', '9999-12-31'],
      localDateEnd: ['2026-06-10', '2026-06-30', '2026-06-30', '2026-11-01', '0001-03-01', '9999-12-31'],
      currency: ['EUR', 'EUR', 'eur', 'USD'],
      emailAddress: ['ada@example.com'],
      url: [url, 'http://u:p@10.0.0.1:1/'],
      webhookId: [...Array<string>(6).fill(fresh.webhookId), webhook.id, ...theirs('webhookId')],
      subscriptionId: [...Array<string>(6).fill(fresh.subscriptionId), subscription.id, ...theirs('subscriptionId')],
      notificationType: ['BOOKING_UPDATE', 'product_update'],
      notificationTypes: ['Availability_Update', 'PRODUCT_UPDATE'],
      bookingUuid: [mine[0].uuid, ...theirs('uuid')],
      utcCreatedAtStart: ['2026-06-01T00:00:00Z', '0000-01-01T00:00:00+14:00'],
      utcUpdatedAtEnd: ['2026-07-01T00:00:00.123+02:00', '9999-12-31T23:59:59Z'],
    },
    asked: {
      url: [freshUrl, freshUrl, url, ...theirs('webhookUrl')],
      resellerReference: ['R-1', ...theirs('secret')],
      contactLastName: [guest.lastName, ...theirs('secret')],
      supplierReference: [mine[0].supplierReference.split('-')[0], ...theirs('supplierReference')],
    },
  };
}

/** A hold on a day of its own, so that there is always room. */
async function newHold(stage: Stage, index: number): Promise<{ uuid: string; orderId: string }> {
  const date = new Date(Date.UTC(2026, 5, 11 + (index % 100))).toISOString().slice(0, 10);
  const request = { ...stage.cruise({ date }), contact: guest };
  return ok(stage.octo.website('POST', '/bookings', request, { 'octo-capabilities': 'cart' }));
}

/** Gives the id of a webhook or subscription that is there: the one before, or a new one if the last call has deleted it. */
async function standing({ octo }: Stage, root: string, body: object, before: string | undefined): Promise<string> {
  if (before !== undefined && (await octo.website('GET', `${root}/${before}`)).status === 200) return before;
  return (await ok(octo.website('POST', root, { ...body, url: freshUrl }))).id;
}

/** Makes what fills the placeholders of a call in. */
export function preparing(stage: Stage): (sent: Sent) => Promise<Sent> {
  let holds = 0;
  let [webhookId, subscriptionId] = [undefined as string | undefined, undefined as string | undefined];
  return async (sent) => {
    const text = `${sent.path} ${sent.body}`;
    const wants = (...placeholders: string[]) => placeholders.some((each) => text.includes(each));
    const filled: [string, string][] = [];
    if (wants(fresh.uuid, fresh.orderId)) {
      const hold = await newHold(stage, holds++);
      filled.push([fresh.uuid, hold.uuid], [fresh.orderId, hold.orderId]);
    }
    if (wants(fresh.webhookId, freshUrl)) {
      webhookId = await standing(stage, '/webhooks', { event: 'booking_update' }, webhookId);
      filled.push([fresh.webhookId, webhookId]);
    }
    if (wants(fresh.subscriptionId)) {
      const body = { notificationTypes: ['PRODUCT_UPDATE'] };
      subscriptionId = await standing(stage, '/notifications/subscriptions', body, subscriptionId);
      filled.push([fresh.subscriptionId, subscriptionId]);
    }
    if (filled.length === 0) return sent;
    const fill = (given: string) => filled.reduce((made, [from, to]) => made.replaceAll(from, to), given);
    return { ...sent, path: fill(sent.path), body: sent.body && fill(sent.body) };
  };
}
