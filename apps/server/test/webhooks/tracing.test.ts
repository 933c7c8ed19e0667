import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import type { Listener } from '../../src/changes/index.ts';
import { openTracing } from '../../src/telemetry/index.ts';
import { traceWork } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

/** A span as OTLP tells of it in JSON. */
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A collector that understands OTLP over HTTP, and traces that go to it: `spans` gives what has arrived once they are closed. */
async function openCollector(ratio = 1) {
  const spans: Span[] = [];
  const services: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      for (const { resource, scopeSpans } of resourceSpans) {
        services.push(
          resource.attributes.find(({ key }: { key: string }) => key === 'service.name')?.value.stringValue,
        );
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const tracing = await openTracing({ url, service: 'tours', version: 'test', ratio });
  return {
    tracing,
    services,
    async spans() {
      await tracing.close(3_000);
      return spans;
    },
  };
}

const attribute = (span: Span | undefined, name: string) => {
  const value = span?.attributes.find(({ key }) => key === name)?.value ?? {};
  return Object.values(value)[0];
};

onEachEngine('traces', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  it('lead from a change to each of its attempts, whose names the receivers are given', async () => {
    const { tracing, spans, services } = await openCollector();
    const stage = await stageOn(await open(), { tracing });
    const receiver = await receiverOf((_, count) => (count === 1 ? 500 : 204));
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    // The second attempt is claimed, and finds the trace in the database.
    stage.clock.now += 10_000;
    await allIn(stage, 'delivered', 1);
    const found = await spans();
    expect(services).toContain('tours');
    const [change, first, second] = found;
    expect(found.map(({ name }) => name)).toEqual([
      'change booking_update',
      'deliver booking_update',
      'deliver booking_update',
    ]);
    expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(1);
    expect([first?.parentSpanId, second?.parentSpanId]).toEqual([change?.spanId, change?.spanId]);
    expect(receiver.received.map(({ headers }) => headers.traceparent)).toEqual(
      [first, second].map((span) => `00-${span?.traceId}-${span?.spanId}-01`),
    );
    expect(attribute(change, 'carillon.deliveries')).toBe(1);
    expect([attribute(first, 'carillon.webhook.id'), attribute(first, 'http.response.status_code')]).toEqual([id, 500]);
    expect(first?.status).toMatchObject({ code: 2, message: 'the receiver answered 500' });
    expect([attribute(second, 'carillon.delivery.step'), attribute(second, 'carillon.delivery.state')]).toEqual([
      1,
      'delivered',
    ]);
  });

  it('go on in another process, after a restart', async () => {
    const { tracing, spans } = await openCollector();
    const stage = await stageOn(await open(), { tracing });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    // Nobody sends yet: whoever starts later knows of the change by the database only.
    await stage.confirm((await stage.hold()).uuid);
    stage.engine.start();
    await allIn(stage, 'delivered', 1);
    const [change, attempt] = await spans();
    expect(attempt).toMatchObject({ traceId: change?.traceId, parentSpanId: change?.spanId });
    expect(receiver.received[0]?.headers.traceparent).toBe(`00-${attempt?.traceId}-${attempt?.spanId}-01`);
  });

  it('that are not kept, or off, leave nothing behind', async () => {
    const { tracing, spans } = await openCollector(0);
    for (const options of [{ tracing }, {}]) {
      const stage = await stageOn(await open(), options);
      const receiver = await receiverOf();
      await stage.subscribe(receiver.url);
      stage.engine.start();
      await stage.confirm((await stage.hold()).uuid);
      await allIn(stage, 'delivered', 1);
      expect(receiver.received[0]?.headers.traceparent).toBeUndefined();
      expect(await stage.db.all('select * from event_traces')).toEqual([]);
    }
    expect(await spans()).toEqual([]);
  });

  it('of a change that was not committed are not told', async () => {
    const { tracing, spans } = await openCollector();
    const refusing: Listener = {
      async recorded(tx, [event]) {
        if (event?.position !== 2) return;
        // By then everything that is owed of it is stored.
        await vi.waitFor(async () => expect(await tx.all('select id from deliveries')).toHaveLength(1), waiting);
        throw new Error('not this one');
      },
    };
    const stage = await stageOn(await open(), { tracing, listeners: [refusing] });
    await stage.subscribe('http://127.0.0.1:9/');
    const { uuid } = await stage.hold();
    await expect(stage.confirm(uuid)).rejects.toThrow('not this one');
    expect(await spans()).toEqual([]);
  });

  it('are forgotten after a week', async () => {
    const { tracing } = await openCollector();
    const stage = await stageOn(await open(), { tracing });
    await stage.subscribe('http://127.0.0.1:9/');
    await stage.confirm((await stage.hold()).uuid);
    const kept = () => stage.db.all('select event_id from event_traces');
    const work = traceWork({ db: stage.db, now: () => stage.clock.now });
    stage.clock.now += 6.9 * 86_400_000;
    await work();
    expect(await kept()).toHaveLength(1);
    stage.clock.now += 0.2 * 86_400_000;
    await work();
    expect(await kept()).toEqual([]);
    await tracing.close(3_000);
  });
});

it('a collector that is not there takes no more time at the end than it is given', async () => {
  const tracing = await openTracing({
    url: 'http://127.0.0.1:9/v1/traces',
    service: 'tours',
    version: 'test',
    ratio: 1,
  });
  const event = {
    id: 'e',
    supplierId: 's',
    connectionId: null,
    type: 'booking_update',
    subjectId: 'b',
    position: 2,
  } as const;
  tracing.change({ ...event, before: null, after: {} as never, createdAt: 0 }).end(1);
  await tracing.close(50);
});
