import { opaqueId } from '@carillon/contract';
import { send, sendError, sendResult, shownAs } from './answer.ts';
import { declaredCapabilities } from './capabilities.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';
import { supplierSeen } from './supplier.ts';

/** GET /supplier, /capabilities, /products, /products/{id} (OCTO). */
export function productRoutes(octo: OctoApp, { supplier, publicUrl, now }: OctoDeps): void {
  octo.get('/supplier', (c) => send(c, supplierSeen(c, publicUrl)));

  octo.get('/capabilities', (c) => send(c, declaredCapabilities));

  octo.get('/products', async (c) => {
    const products = await supplier.products(c.var.caller.connection.supplierId);
    return send(c, products.map(shownAs(c, 'product_update', now())));
  });

  octo.get('/products/:id', async (c) => {
    const given = c.req.param('id');
    if (!opaqueId.safeParse(given).success) return sendError(c, invalid.product(given));
    const product = await supplier.product(c.var.caller.connection.supplierId, given);
    return sendResult(c, product, shownAs(c, 'product_update', now()));
  });
}
