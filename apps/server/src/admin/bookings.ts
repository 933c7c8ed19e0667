import { type BookingDocument, uuid } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Party, Result, Supplier } from '../supplier/index.ts';
import { type AdminApp, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';
import { booking } from './schema.ts';
import { shownToOperator } from './shown.ts';

/** What the routes of bookings need. `now` gives ms UTC. */
export interface BookingDeps {
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

const failures = { ...refused, ...notFound, ...unprocessable };
const commands = [
  ['accept', '/bookings/{uuid}/accept', 'CONFIRMED, with its codes: it was PENDING. Again, nothing changes.'],
  ['redeem', '/bookings/{uuid}/redeem', 'REDEEMED, the guests have come: it was CONFIRMED. Again, nothing changes.'],
  ['noShow', '/bookings/{uuid}/no-show', 'NOSHOW, nobody has come: it was CONFIRMED. Again, nothing changes.'],
] as const;

/** `/bookings/{uuid}`: a booking of any connection of the supplier, and what its operator decides about it; each is an event. */
export function bookingRoutes(app: AdminApp, { supplier, now }: BookingDeps): void {
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
