import { send } from './answer.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { supplierSeen } from './supplier.ts';

/** What Ventrata tells of callers besides, and nobody is here. */
const nobody = { partner: null, reseller: null, checkout: null, operator: null, terminal: null } as const;

/** GET /whoami (Ventrata): whose API key it is. */
export function whoamiRoutes(octo: OctoApp, { publicUrl }: Pick<OctoDeps, 'publicUrl'>): void {
  octo.get('/whoami', (c) => {
    const { connectionId: id, name, kind: type } = c.var.caller.connection;
    return send(c, { supplier: supplierSeen(c, publicUrl), connection: { id, name, type }, ...nobody });
  });
}
