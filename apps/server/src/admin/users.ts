import { roles, userCreation, userPatch } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Db, Tx } from '../platform/db/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { deleteTokensOf } from './token-store.ts';
import { deleteUser, insertUser, lockOwners, lockUser, type User, updateUser, usersOf } from './user-store.ts';

/** What the routes of users need. `now` gives ms UTC. */
export interface UserDeps {
  readonly db: Db;
  readonly newId: () => string;
  readonly now: () => number;
}

const user = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
  })
  .openapi('User');

const noUser = { error: 'not_found', message: 'There is no such user.' };
const lastOwner = {
  error: 'unprocessable',
  message: 'role: this is the last owner of the supplier, which needs one. Make another user owner first.',
};

/** What became of a change of a user that may be the last owner. */
type Outcome = { readonly kind: 'done'; readonly user: User } | { readonly kind: 'none' | 'last' };

/** `/users`: who works for the supplier, and what each may do. */
export function userRoutes(app: AdminApp, { db, newId, now }: UserDeps): void {
  /** Carries out a change of a user; `leaves`: it is no owner afterwards. */
  function changing(
    supplierId: string,
    id: string,
    leaves: (user: User) => boolean,
    change: (tx: Tx, user: User) => Promise<User>,
  ): Promise<Outcome> {
    return db.transaction(async (tx): Promise<Outcome> => {
      const owners = await lockOwners(tx, supplierId);
      const found = await lockUser(tx, supplierId, id);
      if (found === undefined) return { kind: 'none' };
      if (found.role === 'owner' && owners === 1 && leaves(found)) return { kind: 'last' };
      return { kind: 'done', user: await change(tx, found) };
    });
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/users',
      responses: { 200: json(z.object({ users: z.array(user) }), 'The users, oldest first.') },
    }),
    async (c) => c.json({ users: await usersOf(db.reader, c.var.supplierId) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/users',
      request: jsonBody(userCreation),
      responses: { 201: json(user, 'The new user.'), ...refused, ...unprocessable },
    }),
    async (c) => {
      const made: User = { id: newId(), ...c.req.valid('json'), createdAt: now() };
      if ((await insertUser(db, c.var.supplierId, made)) > 0) return c.json(made, 201);
      return c.json({ error: 'unprocessable', message: 'email: there is a user with this address already.' }, 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/users/{id}',
      request: { ...byId, ...jsonBody(userPatch) },
      responses: {
        200: json(user, 'The user as it is now; its tokens may do no more than it.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { name, role } = c.req.valid('json');
      const outcome = await changing(
        c.var.supplierId,
        c.req.valid('param').id,
        () => role !== undefined && role !== 'owner',
        async (tx, before) => {
          const after = { ...before, name: name ?? before.name, role: role ?? before.role };
          await updateUser(tx, after);
          return after;
        },
      );
      if (outcome.kind === 'done') return c.json(outcome.user, 200);
      return outcome.kind === 'none' ? c.json(noUser, 404) : c.json(lastOwner, 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/users/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'Its tokens are revoked.'),
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const outcome = await changing(
        c.var.supplierId,
        c.req.valid('param').id,
        () => true,
        async (tx, before) => {
          await deleteUser(tx, before.id, now());
          await deleteTokensOf(tx, before.id);
          return before;
        },
      );
      if (outcome.kind === 'done') return c.json({ deleted: true as const }, 200);
      return outcome.kind === 'none' ? c.json(noUser, 404) : c.json(lastOwner, 422);
    },
  );
}
