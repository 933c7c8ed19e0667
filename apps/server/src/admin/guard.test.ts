import { type Role, roles } from '@carillon/contract';
import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, it } from 'vitest';
import { answered, openStage, type Stage } from '../../test/admin/stage.ts';
import { onEachEngine } from '../../test/support/databases.ts';
import { checkRoutes } from './guard.ts';
import { leastRoles } from './roles.ts';

/** A token of each role, of nobody in particular. */
async function tokensOf({ api }: Stage): Promise<Record<Role, string>> {
  const made = roles.map(async (role) => {
    const { token } = await answered(201, api('POST', '/tokens', { name: role, role }));
    return [role, token] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Record<Role, string>;
}

const nobody = '00000000-0000-4000-8000-000000000000';

onEachEngine('a role', (open) => {
  it('reaches what it is for and what those below it do, and nothing above', async () => {
    const stage = await openStage(await open());
    const tokens = await tokensOf(stage);
    for (const [route, least] of Object.entries(leastRoles)) {
      const [method = '', path = ''] = route.split(' ');
      for (const role of roles) {
        const { status, body } = await stage.apiAs(tokens[role])(method, path.replaceAll(/\{\w+\}/g, nobody));
        const refused =
          status === 403 && body.message === `This needs the role ${least}: that of the token is ${role}.`;
        expect([route, role, refused, body.error === 'forbidden' || !refused]).toEqual([
          route,
          role,
          roles.indexOf(role) < roles.indexOf(least),
          true,
        ]);
      }
    }
  });

  it('lets its token do what it is for, and nothing beyond it', async () => {
    const stage = await openStage(await open());
    const tokens = await tokensOf(stage);
    const status = async (role: Role, method: string, path: string, body?: object) =>
      (await stage.apiAs(tokens[role])(method, path, body)).status;
    const { cruise } = stage.sample.products;
    const rotate = `/connections/${stage.website.connectionId}/key/rotate`;
    const product = `/products/${cruise.productId}`;
    const supplier = `/suppliers/${stage.sample.supplierId}`;
    expect(await status('viewer', 'GET', product)).toBe(200);
    expect(await status('viewer', 'POST', rotate)).toBe(403);
    expect(await status('developer', 'POST', rotate)).toBe(200);
    expect(await status('developer', 'PATCH', product, { internalName: 'Mine' })).toBe(403);
    expect(await status('operator', 'PATCH', product, { internalName: 'Mine' })).toBe(200);
    expect(await status('operator', 'PATCH', supplier, { name: 'Mine' })).toBe(403);
    expect(await status('operator', 'POST', '/tokens', { name: 'more', role: 'owner' })).toBe(403);
    expect(await status('owner', 'PATCH', supplier, { name: 'Mine' })).toBe(200);
  });
});

onEachEngine('the OpenAPI document', (open) => {
  it('names the least role of each route, and what those are answered who may not call it', async () => {
    const { api } = await openStage(await open());
    const { paths } = await answered(200, api('GET', '/openapi.json'));
    const found: Record<string, string> = {};
    for (const [path, operations] of Object.entries<Record<string, Record<string, unknown>>>(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        found[`${method.toUpperCase()} ${path}`] = String(operation['x-least-role']);
        const schema = { $ref: '#/components/schemas/Problem' };
        const answer = { content: { 'application/json': { schema } } };
        expect(operation).toMatchObject({ responses: { 401: answer, 403: answer } });
      }
    }
    expect(found).toEqual(leastRoles);
  });
});

it('lets a route without a least role, or a role without a route, keep the server from starting', () => {
  const routed = (routes: readonly string[]) => {
    const app = new OpenAPIHono();
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      app.openAPIRegistry.registerPath({ method: method.toLowerCase() as 'get', path, responses: {} });
    }
    return app;
  };
  const all = Object.keys(leastRoles);
  expect(() => checkRoutes(routed(all))).not.toThrow();
  expect(() => checkRoutes(routed([...all, 'POST /everything']))).toThrow('POST /everything');
  expect(() => checkRoutes(routed(all.slice(1)))).toThrow(all[0]);
});
