import fc, { type Arbitrary } from 'fast-check';
import type { core } from 'zod';
import { junk, type Known, queriesOf, requestsOf } from './arbitrary.ts';

/** A call as it goes out. */
export interface Sent {
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

/** What the id in a path is called among the known values. */
const pathIds: Readonly<Record<string, string>> = {
  products: 'productId',
  bookings: 'uuid',
  orders: 'orderId',
  order: 'orderId',
  webhooks: 'webhookId',
  notifications: 'subscriptionId',
};

const headerText = fc.oneof(
  fc.constantFrom('', 'pricing, octo/content', 'octo/cart,octo/webhooks', 'de, en;q=0.5', '*;q=x', 'test', 'live'),
  fc.string({ maxLength: 200 }),
  fc.constant('a,'.repeat(3_000)),
);

const headers: Arbitrary<Record<string, string>> = fc.record(
  {
    'octo-capabilities': headerText,
    'accept-language': headerText,
    'octo-env': fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom('', 'test', 'live') },
      { weight: 1, arbitrary: headerText },
    ),
  },
  { requiredKeys: [] },
);

/** Calls of a route, with an id of the known ones or any other in its path, and whatever its schema and more may take. */
export function calls(
  method: string,
  template: string,
  schema: core.$ZodType | undefined,
  known: Known,
): Arbitrary<Sent> {
  const given = known[pathIds[template.split('/')[1] ?? ''] ?? ''] ?? [];
  const ids = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('', ...given) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\0', 'x'.repeat(9_000))),
    },
  );
  const path = ids.map((id) => template.replace(/:\w+/, () => encodeURIComponent(id.toWellFormed())));
  if (method === 'GET') {
    const query = schema === undefined ? fc.constant('') : queriesOf(schema, known);
    return fc.record({
      path: fc.tuple(path, query).map(([at, asked]) => `${at}?${asked}`),
      body: fc.constant(undefined),
      headers,
    });
  }
  const request =
    schema === undefined
      ? junk
      : fc.oneof({ weight: 15, arbitrary: requestsOf(schema, known) }, { weight: 1, arbitrary: junk });
  const body = fc.oneof(
    { weight: 20, arbitrary: request.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.string() },
  );
  return fc.record({ path, body, headers });
}
