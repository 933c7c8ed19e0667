import { type AvailabilityDocument, maxRangeDays, slotEdit } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { done, type Result, type Supplier } from '../supplier/index.ts';
import { next } from './list.ts';
import { type AdminApp, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';
import { limit } from './schema.ts';

/** What the routes of slots need. */
export interface SlotDeps {
  readonly supplier: Pick<Supplier, 'availability' | 'editSlot'>;
}

const bySlot = {
  params: z.object({
    id: z.string().max(255),
    optionId: z.string().max(255),
    availabilityId: z.string().max(255).openapi({ description: 'As OCTO names it: 2026-12-01T14:00:00+01:00.' }),
  }),
};

const slot = z
  .object({
    id: z.string(),
    localDateTimeStart: z.string(),
    localDateTimeEnd: z.string(),
    utcCutoffAt: z.string(),
    status: z.enum(['AVAILABLE', 'FREESALE', 'SOLD_OUT', 'LIMITED', 'CLOSED']),
    available: z.boolean(),
    vacancies: z.number().int().nullable(),
    capacity: z.number().int().nullable(),
  })
  .openapi('Slot');

const path = '/products/{id}/options/{optionId}/availability/{availabilityId}';

const dayMs = 86_400_000;
const date = z.iso.date({ error: 'must be a date that exists, YYYY-MM-DD' });
const dateAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const listing = z
  .strictObject({
    productId: z.string().max(255),
    optionId: z.string().max(255),
    from: date.openapi({ description: 'The first day at the venue.' }),
    to: date.openapi({ description: `The last day at the venue, of at most ${maxRangeDays}.` }),
    after: z
      .string()
      .max(255)
      .refine((id) => /^\d{4}-\d\d-\d\dT/.test(id) && Number.isFinite(Date.parse(id)), 'must be the id of a slot')
      .optional()
      .openapi({ description: 'The `next` of the page before.' }),
    limit,
  })
  .superRefine(({ from, to }, context) => {
    const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['to'], message, input: to });
    if (days < 1) refuse('must not be before from');
    if (days > maxRangeDays) refuse('must be within a year of from');
  });

/** Days that are looked up at once. */
const daysAtOnce = 31;

/** `/slots` and `/products/{id}/options/{optionId}/availability/{availabilityId}`: the slots of an option, as the operator sees and edits them. */
export function slotRoutes(app: AdminApp, { supplier }: SlotDeps): void {
  /** The slots of days that begin later than `after`; those of the days after it once there are more than `limit`. */
  async function slotsOf(
    supplierId: string,
    { productId, optionId, from, to, after, limit }: z.infer<typeof listing>,
  ): Promise<Result<readonly AvailabilityDocument[]>> {
    const found: AvailabilityDocument[] = [];
    const last = Date.parse(to);
    let day = Math.max(Date.parse(from), Date.parse((after ?? from).slice(0, 10)));
    while (day <= last && found.length <= limit) {
      const end = Math.min(day + (daysAtOnce - 1) * dayMs, last);
      const days = { productId, optionId, localDateStart: dateAt(day), localDateEnd: dateAt(end) };
      const slots = await supplier.availability(supplierId, days);
      if (!slots.ok) return slots;
      found.push(...slots.value.filter(({ id }) => after === undefined || Date.parse(id) > Date.parse(after)));
      day = end + dayMs;
    }
    return done(found);
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/slots',
      request: { query: listing },
      responses: {
        200: json(
          z.object({ slots: z.array(slot), next }),
          'The slots of an option that can still be booked by their time, in their order.',
        ),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const query = c.req.valid('query');
      const found = await slotsOf(c.var.supplierId, query);
      if (!found.ok) return sendRefusal(c, found.refusal);
      const slots = found.value.slice(0, query.limit);
      const next = found.value.length > slots.length ? (slots.at(-1)?.id ?? null) : null;
      return c.json({ slots: slots.map((each) => slot.parse(each)), next }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path,
      request: bySlot,
      responses: { 200: json(slot, 'The slot.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const { id, optionId, availabilityId } = c.req.valid('param');
      const query = { productId: id, optionId, availabilityIds: [availabilityId] };
      const found = await supplier.availability(c.var.supplierId, query);
      if (!found.ok) return sendRefusal(c, found.refusal);
      const [only] = found.value;
      return only === undefined
        ? sendRefusal(c, { kind: 'availability', availabilityId })
        : c.json(slot.parse(only), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path,
      request: { ...bySlot, ...jsonBody(slotEdit) },
      responses: { 200: json(slot, 'The slot as it is now.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const { id, optionId, availabilityId } = c.req.valid('param');
      const key = { productId: id, optionId, availabilityId };
      const edited = await supplier.editSlot(c.var.supplierId, { ...key, ...c.req.valid('json') });
      return edited.ok ? c.json(slot.parse(edited.value), 200) : sendRefusal(c, edited.refusal);
    },
  );
}
