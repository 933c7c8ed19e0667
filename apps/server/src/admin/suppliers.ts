import { supplierCreation, supplierPatch, tokenCreation } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { seedCampaigns } from '../email/index.ts';
import type { Parties, SupplierListed } from '../supplier/index.ts';
import {
  type AdminApp,
  answerTo,
  byId,
  forbidden,
  json,
  jsonBody,
  notFound,
  refused,
  supplierSuspended,
  unprocessable,
} from './route.ts';
import type { Standing } from './standing.ts';
import { problemOf, requestOf, settingsOf } from './supplier-settings.ts';
import { makeToken, type TokenMaking } from './token-making.ts';
import type { AdminTokens, TokenHolder } from './tokens.ts';

/** What the routes of suppliers need. */
export interface SupplierDeps extends TokenMaking {
  readonly parties: Parties;
  readonly tokens: Pick<AdminTokens, 'putAlong'>;
  readonly standing: Pick<Standing, 'supplier'>;
  /** What webhooks say of a supplier may have been edited: it is rendered anew where it was. */
  readonly onEdit: (supplierId: string) => Promise<unknown>;
}

const supplier = supplierCreation
  .extend({
    id: z.string(),
    state: z.enum(['active', 'suspended']),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
  })
  .openapi('Supplier');
const token = z.string().openapi({ description: 'An admin token of the supplier. It is not shown again.' });

const shown = ({ document, createdAt, state, ...profile }: SupplierListed) => {
  const { id, ...said } = document;
  return {
    ...said,
    ...profile,
    id,
    state: state === 'suspended' ? ('suspended' as const) : ('active' as const),
    createdAt,
  } as z.infer<typeof supplier>;
};

const noSupplier = { error: 'not_found', message: 'There is no such supplier.' };
const notYours = { error: 'forbidden', message: 'This needs the admin token of the instance.' };

/** Whether a token is told of a supplier at all. */
const sees = (holder: TokenHolder, supplierId: string): boolean => holder.instance || holder.supplierId === supplierId;

/** Whether a token may only look: its supplier is suspended. */
const isStill = ({ suspended, instance }: TokenHolder): boolean => suspended && !instance;

/** `/suppliers`: the tenants of the instance. Their own tokens see and edit their own. */
export function supplierRoutes(app: AdminApp, deps: SupplierDeps): void {
  const { parties, tokens, newKey, newId, now } = deps;

  app.openapi(
    createRoute({
      method: 'get',
      path: '/suppliers',
      responses: { 200: json(z.object({ suppliers: z.array(supplier) }), 'The suppliers that the token sees.') },
    }),
    async (c) => {
      const { instance, supplierId } = c.var.holder;
      if (instance) return c.json({ suppliers: (await parties.list()).map(shown) }, 200);
      const own = supplierId === null ? undefined : await parties.get(supplierId);
      return c.json({ suppliers: own === undefined ? [] : [shown(own)] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/suppliers',
      request: jsonBody(supplierCreation),
      responses: {
        201: json(z.object({ supplier, token }), 'The new supplier, with an admin token of its own.'),
        ...refused,
        ...forbidden,
      },
    }),
    async (c) => {
      if (!c.var.holder.instance) return c.json(notYours, 403);
      const body = c.req.valid('json');
      const problem = problemOf(body);
      if (problem !== undefined) return c.json({ error: 'bad_request', message: problem }, 400);
      const key = newKey('ca');
      const made = await parties.create(settingsOf(body), async (tx, id) => {
        await seedCampaigns(tx, id, deps);
        const owner = { supplierId: id, instance: false };
        await tokens.putAlong(tx, { ...owner, id: newId(), name: 'first token', token: key, now: now() });
      });
      return c.json({ supplier: shown(made), token: key }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/suppliers/{id}',
      request: byId,
      responses: { 200: json(supplier, 'The supplier.'), ...notFound },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const found = sees(c.var.holder, id) ? await parties.get(id) : undefined;
      return found === undefined ? c.json(noSupplier, 404) : c.json(shown(found), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/suppliers/{id}',
      request: { ...byId, ...jsonBody(supplierPatch) },
      responses: { 200: json(supplier, 'The supplier as it is now.'), ...refused, ...forbidden, ...notFound },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      if (isStill(c.var.holder)) return c.json(supplierSuspended, 403);
      const patch = Object.fromEntries(Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined));
      if (!sees(c.var.holder, id)) return c.json(noSupplier, 404);
      const edited = await parties.edit(id, (current) => {
        const wanted = { ...requestOf(current), ...patch };
        const message = problemOf(wanted);
        return message === undefined
          ? { ok: true, value: settingsOf(wanted) }
          : { ok: false, refusal: { kind: 'bad_request', message } };
      });
      if (edited === undefined) return c.json(noSupplier, 404);
      if (!edited.ok) return c.json(answerTo(edited.refusal).body, 400);
      // Whatever was edited: an edit before may have been stored and not come to this.
      await deps.onEdit(id);
      return c.json(shown(edited.value), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/suppliers/{id}/tokens',
      request: { ...byId, ...jsonBody(tokenCreation) },
      responses: {
        201: json(z.object({ token }), 'A new admin token of the supplier; its own make more with `POST /tokens`.'),
        ...refused,
        ...forbidden,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { holder } = c.var;
      const found = sees(holder, id) ? await parties.get(id) : undefined;
      if (found === undefined) return c.json(noSupplier, 404);
      if (!holder.instance) return c.json(notYours, 403);
      const made = await makeToken(deps, holder, id, c.req.valid('json'));
      return made.ok
        ? c.json({ token: made.value.token }, 201)
        : c.json({ error: 'unprocessable', message: made.message }, 422);
    },
  );

  const states = [
    [
      'post',
      '/suppliers/{id}/suspend',
      'suspended',
      'Its API keys are refused and nothing of it is sent, until it is resumed.',
    ],
    ['post', '/suppliers/{id}/resume', 'active', 'What was held is due.'],
  ] as const;
  for (const [method, path, state, description] of states) {
    app.openapi(
      createRoute({
        method,
        path,
        request: byId,
        responses: { 200: json(supplier, description), ...forbidden, ...notFound },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        if (!sees(c.var.holder, id)) return c.json(noSupplier, 404);
        if (!c.var.holder.instance) return c.json(notYours, 403);
        const set = await parties.setState(id, state, (tx) => deps.standing.supplier(tx, id, state));
        return set === undefined ? c.json(noSupplier, 404) : c.json(shown(set), 200);
      },
    );
  }

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/suppliers/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'Nothing of it can be reached any more.'),
        ...forbidden,
        ...notFound,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      if (!sees(c.var.holder, id)) return c.json(noSupplier, 404);
      if (!c.var.holder.instance) return c.json(notYours, 403);
      const set = await parties.setState(id, 'deleted', (tx) => deps.standing.supplier(tx, id, 'deleted'));
      return set === undefined ? c.json(noSupplier, 404) : c.json({ deleted: true as const }, 200);
    },
  );
}
