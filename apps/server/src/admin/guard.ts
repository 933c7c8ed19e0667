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
