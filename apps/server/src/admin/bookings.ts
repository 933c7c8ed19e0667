import { type BookingDocument, uuid } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Party, Result, Supplier } from '../supplier/index.ts';
import { endsAfterItBegins, next, page, pageOf } from './list.ts';
import { bookingCursor, listedBookings } from './list-store.ts';
import { type AdminApp, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';
import { booking } from './schema.ts';
import { shownToOperator } from './shown.ts';

/** What the routes of bookings need. `now` gives ms UTC. */
export interface BookingDeps {
  readonly db: Db;
  readonly changes: Pick<Changes, 'currentById'>;
  readonly supplier: Pick<
    Supplier,
    'ownerOfBooking' | 'profile' | 'booking' | 'accept' | 'reject' | 'redeem' | 'noShow'
  >;
  readonly now: () => number;
}

type Wire = z.infer<typeof booking>;

const byUuid = { params: z.object({ uuid: z.string().max(255) }) };

const rejection = z.strictObject({
  reason: z
    .string()
    .max(10_000)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL')
    .nullable()
    .optional()
    .openapi({ description: 'The booking tells it in `rejection.reason`.' }),
});

const date = z.iso.date({ error: 'must be a date that exists, YYYY-MM-DD' }).optional();
const listing = z
  .strictObject({
    status: booking.shape.status.optional(),
    productId: z.string().max(255).optional(),
    connectionId: z.string().max(255).optional(),
    from: date.openapi({ description: 'The first day of travel.' }),
    to: date.openapi({ description: 'The last day of travel.' }),
    reference: z.string().max(255).optional().openapi({ description: 'The supplier’s or the reseller’s.' }),
    ...page,
  })
  .superRefine(endsAfterItBegins);

const failures = { ...refused, ...notFound, ...unprocessable };
const commands = [
  ['accept', '/bookings/{uuid}/accept', 'CONFIRMED, with its codes: it was PENDING. Again, nothing changes.'],
  ['redeem', '/bookings/{uuid}/redeem', 'REDEEMED, the guests have come: it was CONFIRMED. Again, nothing changes.'],
  ['noShow', '/bookings/{uuid}/no-show', 'NOSHOW, nobody has come: it was CONFIRMED. Again, nothing changes.'],
] as const;

/** `/bookings`: the bookings of all connections of the supplier, and what its operator decides about one; each is an event. */
export function bookingRoutes(app: AdminApp, { supplier, now, db, changes }: BookingDeps): void {
  /** Acts in the name of the connection that the booking is of; what is no UUID names none. */
  async function acted(
    supplierId: string,
    given: string,
    act: (by: Party, uuid: string) => Promise<Result<BookingDocument>>,
  ): Promise<Result<Wire>> {
    const named = uuid.safeParse(given);
    if (!named.success) return { ok: false, refusal: { kind: 'booking', uuid: given } };
    const owner = await supplier.ownerOfBooking(supplierId, named.data);
    if (!owner.ok) return owner;
    const result = await act(owner.value, named.data);
    if (!result.ok) return result;
    const { language } = await supplier.profile(supplierId);
    const { connectionId } = owner.value;
    const value = shownToOperator('booking_update', result.value, { connectionId, language }, now()) as Wire;
    return { ok: true, value };
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/bookings',
      request: { query: listing },
      responses: {
        200: json(
          z.object({ bookings: z.array(booking), next }),
          'Bookings in the supplier’s language: newest first, or with `from` or `to` by day of travel.',
        ),
        ...refused,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { before, limit, ...filter } = c.req.valid('query');
      const after =
        before === undefined ? undefined : await bookingCursor(db.reader, { supplierId, uuid: before }, filter);
      if (before !== undefined && after === undefined) {
        return c.json({ error: 'bad_request', message: 'before is not the uuid of a booking' }, 400);
      }
      const { language } = await supplier.profile(supplierId);
      const found = await listedBookings(db.reader, { supplierId, after, limit: limit + 1 }, filter);
      const wanted = { type: 'booking_update' as const, supplierId, language, limit, now: now() };
      const { shown, next } = await pageOf(db.reader, changes, found, wanted);
      return c.json({ bookings: shown as Wire[], next }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/bookings/{uuid}',
      request: byUuid,
      responses: { 200: json(booking, 'The booking, in the supplier’s language.'), ...failures },
    }),
    async (c) => {
      const found = await acted(c.var.supplierId, c.req.valid('param').uuid, supplier.booking);
      return found.ok ? c.json(found.value, 200) : sendRefusal(c, found.refusal);
    },
  );

  for (const [command, path, description] of commands) {
    app.openapi(
      createRoute({
        method: 'post',
        path,
        request: byUuid,
        responses: { 200: json(booking, description), ...failures },
      }),
      async (c) => {
        const after = await acted(c.var.supplierId, c.req.valid('param').uuid, supplier[command]);
        return after.ok ? c.json(after.value, 200) : sendRefusal(c, after.refusal);
      },
    );
  }

  app.openapi(
    createRoute({
      method: 'post',
      path: '/bookings/{uuid}/reject',
      request: { ...byUuid, body: { ...jsonBody(rejection).body, required: false } },
      responses: {
        200: json(booking, 'REJECTED, its places are free: it was PENDING. Again, nothing changes.'),
        ...failures,
      },
    }),
    async (c) => {
      const { reason } = c.req.valid('json');
      const after = await acted(c.var.supplierId, c.req.valid('param').uuid, (by, id) =>
        supplier.reject(by, id, reason ?? null),
      );
      return after.ok ? c.json(after.value, 200) : sendRefusal(c, after.refusal);
    },
  );
}
