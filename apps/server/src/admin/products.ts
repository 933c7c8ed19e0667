import { optionPatch, productCreation, productDefinition, productPatch, productReplacement } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { ProductDefinition, Supplier } from '../supplier/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';

/** What the routes of the catalogue need. */
export interface ProductDeps {
  readonly supplier: Pick<Supplier, 'definitions' | 'definition' | 'editProduct' | 'deleteProduct'>;
  readonly newId: () => string;
}

// Made anew, because the schemas of the contract know nothing of OpenAPI.
const product = z.strictObject(productDefinition.shape).openapi('Product');
const byNewId = { params: z.object({ id: productDefinition.shape.id }) };
const byOption = { params: z.object({ id: z.string().max(255), optionId: z.string().max(255) }) };

/** The keys that are given: an absent one stays as it is. */
function given<T extends object>(patch: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as typeof patch as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

const gone = (productId: string) => ({ ok: false as const, refusal: { kind: 'product' as const, productId } });

/** `/products`: the catalogue as its operator edits it. What an edit changes of a product or slot is an event. */
export function productRoutes(app: AdminApp, { supplier, newId }: ProductDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/products',
      responses: { 200: json(z.object({ products: z.array(product) }), 'The products, in their order.') },
    }),
    async (c) => c.json({ products: [...(await supplier.definitions(c.var.supplierId))] as Wire[] }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/products',
      request: jsonBody(productCreation),
      responses: { 201: json(product, 'The new product.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const body = c.req.valid('json');
      const definition: ProductDefinition = { ...body, id: body.id ?? newId() };
      const saved = await supplier.editProduct(c.var.supplierId, definition.id, (before) =>
        before === undefined
          ? { ok: true, value: definition }
          : {
              ok: false,
              refusal: { kind: 'bad_request', message: `id: there is a product ${definition.id} already.` },
            },
      );
      return saved.ok ? c.json(definition as Wire, 201) : sendRefusal(c, saved.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/products/{id}',
      request: byId,
      responses: { 200: json(product, 'The product.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const found = await supplier.definition(c.var.supplierId, c.req.valid('param').id);
      return found.ok ? c.json(found.value as Wire, 200) : sendRefusal(c, found.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'put',
      path: '/products/{id}',
      request: { ...byNewId, ...jsonBody(productReplacement) },
      responses: {
        200: json(product, 'The product; one that was not there is made.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const body = c.req.valid('json');
      if (body.id !== undefined && body.id !== id) {
        return c.json({ error: 'bad_request', message: 'id is not that of the path.' }, 400);
      }
      const definition: ProductDefinition = { ...body, id };
      const saved = await supplier.editProduct(c.var.supplierId, id, () => ({ ok: true, value: definition }));
      return saved.ok ? c.json(definition as Wire, 200) : sendRefusal(c, saved.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/products/{id}',
      request: { ...byId, ...jsonBody(productPatch) },
      responses: { 200: json(product, 'The product as it is now.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const patch = given(c.req.valid('json'));
      const edited = await editing(supplier, c.var.supplierId, id, (before) => ({ ...before, ...patch }));
      return edited.ok ? c.json(edited.value as Wire, 200) : sendRefusal(c, edited.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/products/{id}/options/{optionId}',
      request: { ...byOption, ...jsonBody(optionPatch) },
      responses: {
        200: json(product, 'The product as it is now, with its changed option: schedule, closures, prices, …'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { id, optionId } = c.req.valid('param');
      const patch = given(c.req.valid('json'));
      const edited = await editing(supplier, c.var.supplierId, id, (before) =>
        before.options.some((option) => option.id === optionId)
          ? {
              ...before,
              options: before.options.map((option) => (option.id === optionId ? { ...option, ...patch } : option)),
            }
          : undefined,
      );
      return edited.ok ? c.json(edited.value as Wire, 200) : sendRefusal(c, edited.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/products/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'It is no longer shown or sold; its bookings stay.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const deleted = await supplier.deleteProduct(c.var.supplierId, c.req.valid('param').id);
      return deleted.ok ? c.json({ deleted: true as const }, 200) : sendRefusal(c, deleted.refusal);
    },
  );
}

/** A definition as JSON writes it: the same, without `readonly`. */
type Wire = z.infer<typeof productDefinition>;

/** Edits a product that is there, and gives its definition as it is then; an `edit` that gives undefined found no such option. */
async function editing(
  supplier: ProductDeps['supplier'],
  supplierId: string,
  productId: string,
  edit: (before: ProductDefinition) => ProductDefinition | undefined,
) {
  let definition: ProductDefinition | undefined;
  const saved = await supplier.editProduct(supplierId, productId, (before) => {
    if (before === undefined) return gone(productId);
    definition = edit(before);
    return definition === undefined
      ? { ok: false, refusal: { kind: 'option', optionId: '' } }
      : { ok: true, value: definition };
  });
  if (!saved.ok) return saved;
  return { ok: true as const, value: definition };
}
