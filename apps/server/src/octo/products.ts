import { opaqueId, type SupplierDocument, supplierShape, viewBy } from '@carillon/contract';
import { arrivalOf } from '../platform/http/index.ts';
import { send, sendError, sendResult, shownAs } from './answer.ts';
import { audienceOf } from './caller.ts';
import { declaredCapabilities } from './capabilities.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';

/** GET /supplier, /capabilities, /products, /products/{id} (OCTO). */
export function productRoutes(octo: OctoApp, { supplier, publicUrl, now }: OctoDeps): void {
  octo.get('/supplier', (c) => {
    const { id, name, contact, ...content }: SupplierDocument = c.var.caller.profile.document;
    const document = { id, name, endpoint: `${publicUrl(arrivalOf(c))}/octo`, contact, ...content };
    return send(c, viewBy(supplierShape, document, audienceOf(c.var.caller)));
  });

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
