import { supplierCreation, supplierPatch } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Parties, SupplierListed, SupplierSettings } from '../supplier/index.ts';
import { type AdminApp, byId, forbidden, json, jsonBody, notFound, refused, supplierSuspended } from './route.ts';
import type { Standing } from './standing.ts';
import type { AdminTokens, TokenHolder } from './tokens.ts';

/** What the routes of suppliers need. `now` gives ms UTC. */
export interface SupplierDeps {
  readonly parties: Parties;
  readonly tokens: Pick<AdminTokens, 'put'>;
  readonly newKey: (prefix: string) => string;
  readonly newId: () => string;
  readonly now: () => number;
  readonly standing: Pick<Standing, 'supplier'>;
  /** A supplier was made: it gets its first campaigns. */
  readonly onMade: (supplierId: string) => Promise<unknown>;
  /** A supplier was edited: what webhooks say of it is rendered anew. */
  readonly onEdit: () => Promise<unknown>;
}

type Request = z.infer<typeof supplierCreation>;

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

const settingsOf = ({ name, contact, shortDescription, media, ...settings }: Request): SupplierSettings => ({
  document: { name, contact, shortDescription, media },
  ...settings,
});

const requestOf = ({
  document,
  language,
  languages,
  timeZone,
  holdSeconds,
  settlingMs,
  checkoutUrl,
}: SupplierListed) => {
  const { id: _, ...said } = document;
  return { ...said, language, languages, timeZone, holdSeconds, settlingMs, checkoutUrl } as Request;
};

/** What keeps settings from making sense, as a sentence. */
function problemOf({
  language,
  languages,
  timeZone,
}: Pick<Request, 'language' | 'languages' | 'timeZone'>): string | undefined {
  if (!languages.includes(language)) return `language ${language} is not one of languages.`;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return undefined;
  } catch {
    return `timeZone ${timeZone} is not known.`;
  }
}

const noSupplier = { error: 'not_found', message: 'There is no such supplier.' };
const notYours = { error: 'forbidden', message: 'This needs the admin token of the instance.' };

/** Whether a token is told of a supplier at all. */
const sees = (holder: TokenHolder, supplierId: string): boolean => holder.instance || holder.supplierId === supplierId;

/** Whether a token may only look: its supplier is suspended. */
const isStill = ({ suspended, instance }: TokenHolder): boolean => suspended && !instance;

/** `/suppliers`: the tenants of the instance. Their own tokens see and edit their own. */
export function supplierRoutes(app: AdminApp, deps: SupplierDeps): void {
  const { parties, tokens, newKey, newId, now } = deps;

  async function newToken(supplierId: string, name: string): Promise<string> {
    const made = newKey('ca');
    await tokens.put({ id: newId(), supplierId, instance: false, name, token: made, now: now() });
    return made;
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/suppliers',
      responses: { 200: json(z.object({ suppliers: z.array(supplier) }), 'The suppliers that the token sees.') },
    }),
    async (c) => {
      const all = await parties.list();
      return c.json({ suppliers: all.filter(({ id }) => sees(c.var.holder, id)).map(shown) }, 200);
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
      const made = await parties.create(settingsOf(body));
      await deps.onMade(made.id);
      return c.json({ supplier: shown(made), token: await newToken(made.id, 'first token') }, 201);
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
      const before = sees(c.var.holder, id) ? await parties.get(id) : undefined;
      if (before === undefined) return c.json(noSupplier, 404);
      const problem = problemOf({ ...requestOf(before), ...patch });
      if (problem !== undefined) return c.json({ error: 'bad_request', message: problem }, 400);
      const edited = await parties.edit(id, (current) => settingsOf({ ...requestOf(current), ...patch }));
      if (edited === undefined) return c.json(noSupplier, 404);
      await deps.onEdit();
      return c.json(shown(edited), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/suppliers/{id}/tokens',
      request: { ...byId, ...jsonBody(z.strictObject({ name: z.string().min(1).max(100) })) },
      responses: {
        201: json(z.object({ token }), 'A new admin token of the supplier, in place of what had this name.'),
        ...refused,
        ...forbidden,
        ...notFound,
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      if (isStill(c.var.holder)) return c.json(supplierSuspended, 403);
      const found = sees(c.var.holder, id) ? await parties.get(id) : undefined;
      if (found === undefined) return c.json(noSupplier, 404);
      return c.json({ token: await newToken(id, c.req.valid('json').name) }, 201);
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
