import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChanges, type Listener } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import { createSealing } from '../../src/platform/secrets/index.ts';
import { createSupplier } from '../../src/supplier/index.ts';
import {
  createEngine,
  createSubscriptions,
  type EngineLimits,
  newSigningSecret,
  owedListener,
  type WebhookRequest,
} from '../../src/webhooks/index.ts';
import { accepted, guest, openStage as openSupplierStage } from '../supplier/stage.ts';

/** A request as the receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real receiver: keeps what arrives, answers what `answer` says. */
export async function openReceiver(answer: (received: Received, count: number) => number = () => 204) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      response.writeHead(answer(one, received.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One node: the supplier, the subscriptions and an engine on a database. `listeners` hear of events after the webhooks. */
export async function openStage(
  db: Db,
  options: { readonly limits?: Partial<EngineLimits>; readonly listeners?: readonly Listener[] } = {},
) {
  const base = await openSupplierStage(db);
  const { clock, sample } = base;
  const now = () => clock.now;
  const newId = createIds({ now });
  const seal = createSealing(['a secret of the webhook tests']);
  const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
  const engine = createEngine({
    db,
    outbound,
    seal,
    log: createLog({ level: 'silent' }),
    now,
    newId,
    random: () => 0.5,
    userAgent: 'Carillon/test',
    limits: { pollMs: 20, ...options.limits },
  });
  const changes = createChanges({
    listeners: [owedListener({ db, sender: engine, newId }), ...(options.listeners ?? [])],
    now,
    newId,
  });
  const supplier = createSupplier({ db, changes, now, newId });
  const subscriptions = createSubscriptions({
    db,
    seal,
    now,
    newId,
    newSecret: newSigningSecret,
    supplierPart: async () => ({ ...(await supplier.profile(sample.supplierId)), endpoint: 'https://x.example/octo' }),
  });
  return {
    ...base,
    supplier,
    subscriptions,
    engine,
    subscribe: (url: string, request: Partial<WebhookRequest> = {}) =>
      subscriptions.create(base.website, {
        event: 'booking_update',
        url,
        headers: {},
        capabilities: [],
        useContactLanguage: false,
        retryOnError: true,
        ...request,
      }),
    hold: async () => accepted(await supplier.reserve(base.website, base.cruise())),
    confirm: async (uuid: string) => accepted(await supplier.confirm(base.website, uuid, { contact: guest })),
    note: async (uuid: string, notes: string) => accepted(await supplier.update(base.website, uuid, { notes })),
    deliveries: () =>
      db.all<{ id: string; state: string; reason: string | null; position: number; lease_token: string | null }>(
        'select id, state, reason, position, lease_token from deliveries order by lane, position, webhook_id',
      ),
    async end() {
      await engine.stop();
      await outbound.close();
    },
  };
}
