import type { Role } from '@carillon/contract';
import type { MiddlewareHandler } from 'hono';
import { leastRoles, reaches } from './roles.ts';
import type { AdminApp, AdminEnv } from './route.ts';

function needs(least: Role): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const { role } = c.var.holder;
    if (reaches(role, least)) return next();
    const message = `This needs the role ${least}: that of the token is ${role}.`;
    return c.json({ error: 'forbidden', message }, 403);
  };
}

/** Lets nobody call a route below its least role; to be put before the routes, and after it is known whose the token is. */
export function guardRoutes(app: AdminApp): void {
  for (const [route, least] of Object.entries(leastRoles)) {
    const [method = '', path = ''] = route.split(' ');
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), needs(least));
  }
}

/** Fails where an app has a route without a least role, or there is one for a route that it has not: a fault to be seen at the start. */
export function checkRoutes(app: Pick<AdminApp, 'openAPIRegistry'>): void {
  const routes = new Set<string>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type === 'route') routes.add(`${definition.route.method.toUpperCase()} ${definition.route.path}`);
  }
  const known = Object.keys(leastRoles);
  const wrong = [...routes]
    .filter((route) => !known.includes(route))
    .concat(known.filter((route) => !routes.has(route)));
  if (wrong.length > 0) throw new Error(`These routes have no least role, or a role but no route: ${wrong.join(', ')}`);
}

const refusals = {
  401: 'There is no admin token, or it lets nobody in.',
  403: 'The token may not do this: it needs the role `x-least-role`, and a supplier that is not suspended.',
};

/** A document of OpenAPI, as far as it is added to. */
interface Described {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>> | undefined;
}

interface Operation {
  readonly 'x-least-role'?: Role | undefined;
  readonly responses?: Readonly<Record<string, unknown>> | undefined;
}

/** What every route has because of the guard: its least role, and what is answered to those who may not call it. */
export function withRoles<T extends object>(document: T): T {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const answers = Object.entries(refusals).map(([status, description]) => [status, { description, content }]);
  const described = ({ responses, ...operation }: Operation, least: Role | undefined): Operation => ({
    ...operation,
    'x-least-role': least,
    responses: { ...Object.fromEntries(answers), ...responses },
  });
  const paths = Object.entries((document as Described).paths ?? {}).map(([path, operations]) => {
    const all = Object.entries(operations).map(([method, operation]) => [
      method,
      described(operation, leastRoles[`${method.toUpperCase()} ${path}`]),
    ]);
    return [path, Object.fromEntries(all)];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}
