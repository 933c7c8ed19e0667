import { slotEdit } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Supplier } from '../supplier/index.ts';
import { type AdminApp, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';

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

/** `/products/{id}/options/{optionId}/availability/{availabilityId}`: one slot, as its operator sees and edits it. */
export function slotRoutes(app: AdminApp, { supplier }: SlotDeps): void {
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
