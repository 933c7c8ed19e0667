import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { accepted, refusalOf } from '../supplier/stage.ts';
import { selfSigned } from '../support/certificate.ts';
import { onEachEngine, onSqlite } from '../support/databases.ts';
import { type Answer, allIn, openings, type Received, waiting } from './stage.ts';

const client = {
  clientId: 'ca:ll',
  clientSecret: 'hush & hush',
  scope: null,
  audience: null,
  sendAs: 'basic',
} as const;

/** What an authorization server answers, by the count of tokens that it was asked for. */
type Grant = (count: number) => Answer | Promise<Answer>;
const granting: Grant = (count) => ({
  status: 200,
  body: JSON.stringify({ access_token: `token-${count}`, token_type: 'Bearer', expires_in: 3600 }),
});

onEachEngine('a webhook that gets access tokens', (open) => {
  const { stage: stageOn, receiver: receiverOn } = openings();

  async function opened(grant: Grant = granting, answer: (received: Received, count: number) => Answer = () => 204) {
    const db = await open();
    const stage = await stageOn(db);
    const server = await receiverOn((_, count) => grant(count));
    const receiver = await receiverOn(answer);
    stage.engine.start();
    const { id } = await stage.subscribe(receiver.url, { headers: { Authorization: 'Basic b3RoZXI=' } });
    const set = (change: object = {}) =>
      stage.subscriptions.set(stage.sample.supplierId, id, {
        authentication: { oauth2: { ...client, tokenUrl: `http://${server.host}/token`, ...change } },
      });
    const booked = async () => {
      const { uuid } = await stage.hold();
      await stage.confirm(uuid);
      return uuid;
    };
    const bearers = () => receiver.received.map(({ headers }) => headers.authorization);
    return { db, stage, server, receiver, id, set, booked, bearers };
  }

  it('asks for one as RFC 6749 says, and sends it with every delivery until it expires', async () => {
    const { stage, server, set, booked, bearers } = await opened();
    accepted((await set({ scope: 'events:write', audience: 'crm' }))!);
    const uuid = await booked();
    await stage.note(uuid, 'by the window');
    await allIn(stage, 'delivered', 2);
    expect(server.received).toHaveLength(1);
    const [{ headers, body }] = server.received as [Received];
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ca%3All:hush+%26+hush').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'events:write',
      audience: 'crm',
    });
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-1']);
    stage.clock.now += 3_600_000;
    await stage.note(uuid, 'at the bow');
    await allIn(stage, 'delivered', 3);
    expect(bearers()[2]).toBe('Bearer token-2');
  });

  it('says who it is in the body where the server wants it so', async () => {
    const { stage, server, set, booked } = await opened();
    accepted((await set({ sendAs: 'body' }))!);
    await booked();
    await allIn(stage, 'delivered', 1);
    const [{ headers, body }] = server.received as [Received];
    expect(headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      client_id: 'ca:ll',
      client_secret: 'hush & hush',
    });
  });

  it('gets another one, once, when the receiver answers 401, within the same attempt', async () => {
    const { stage, server, set, booked, bearers } = await opened(granting, ({ headers }) =>
      headers.authorization === 'Bearer token-2' ? 204 : 401,
    );
    accepted((await set())!);
    await booked();
    await allIn(stage, 'delivered', 1);
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(server.received).toHaveLength(2);
    expect(await stage.attempts()).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('that is refused again has failed, and is tried again by the schedule', async () => {
    const { stage, set, booked, bearers } = await opened(granting, () => 401);
    accepted((await set())!);
    await booked();
    await vi.waitFor(async () => expect(await stage.attempts()).toMatchObject([{ status: 401 }]), waiting);
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('asks once at a time, however many deliveries wait for it', async () => {
    const asked = Promise.withResolvers<void>();
    const { stage, server, set, receiver } = await opened(async (count) => {
      await asked.promise;
      return granting(count);
    });
    accepted((await set())!);
    const holds = [];
    for (const date of ['2026-06-10', '2026-06-11', '2026-06-12']) {
      holds.push(accepted(await stage.supplier.reserve(stage.website, stage.cruise({ date }))));
    }
    for (const { uuid } of holds) await stage.confirm(uuid);
    await vi.waitFor(() => expect(server.received).toHaveLength(1), waiting);
    asked.resolve();
    await allIn(stage, 'delivered', 3);
    expect(server.received).toHaveLength(1);
    expect(receiver.received).toHaveLength(3);
  });

  it.each([[null], ['soon'], [{ seconds: 1 }], ['3600']])(
    'keeps one whose server says %j of how long it lasts',
    async (expires) => {
      const { stage, server, set, booked } = await opened((count) => ({
        status: 200,
        body: JSON.stringify({ access_token: `token-${count}`, token_type: 'Bearer', expires_in: expires }),
      }));
      accepted((await set())!);
      await stage.note(await booked(), 'by the window');
      await allIn(stage, 'delivered', 2);
      expect(server.received).toHaveLength(1);
    },
  );

  it.each<[string, Answer, RegExp]>([
    ['refuses', { status: 401, body: '{"error":"invalid_client"}' }, /answered 401 \(invalid_client\)/],
    ['has no token', { status: 200, body: '{"token":"hush"}' }, /with no bearer token in JSON/],
    ['talks nonsense', { status: 500, body: `<h1>hush</h1>` }, /answered 500\./],
  ])('fails with the reason where the server %s, and sends nothing', async (_, answer, detail) => {
    const { db, stage, receiver, set, booked } = await opened(() => answer);
    accepted((await set())!);
    await booked();
    await vi.waitFor(async () => expect(await stage.attempts()).toMatchObject([{ reason: 'token' }]), waiting);
    const [attempt] = await db.all<{ detail: string }>('select detail from attempts', []);
    expect(attempt!.detail).toMatch(detail);
    expect(attempt!.detail).not.toContain('hush');
    expect(receiver.received).toEqual([]);
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ state: 'pending', step: 1 }]),
      waiting,
    );
  });

  it('never asks a server at a private address that is not opened', async () => {
    const { stage, set, booked } = await opened();
    accepted((await set({ tokenUrl: 'http://169.254.169.254/token' }))!);
    await booked();
    await vi.waitFor(
      async () => expect(await stage.attempts()).toMatchObject([{ reason: 'forbidden_address' }]),
      waiting,
    );
  });

  it('keeps the secret sealed and masked; what is shown can be sent back, but not for another server', async () => {
    const { db, stage, id, set } = await opened();
    const shown = accepted((await set())!);
    expect(shown.authentication?.oauth2).toMatchObject({ clientId: 'ca:ll', clientSecret: '********' });
    const [row] = await db.all<{ authentication: string }>('select authentication from webhooks', []);
    expect(row!.authentication).not.toContain('hush');
    accepted((await set({ clientSecret: '********', scope: 'more' }))!);
    expect(
      refusalOf((await set({ clientSecret: '********', tokenUrl: 'https://elsewhere.example/token' }))!),
    ).toMatchObject({
      message: expect.stringContaining('clientSecret'),
    });
    const { supplierId } = stage.sample;
    expect(
      accepted((await stage.subscriptions.set(supplierId, id, { authentication: null }))!).authentication,
    ).toBeNull();
  });
});

/** The certificate of the test's receivers serves a client as well. */
const own = selfSigned;

onSqlite('a webhook with a client certificate', (open) => {
  const { stage: stageOn, receiver: receiverOn } = openings();
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A receiver that lets in nobody without a certificate of ours; keeps whom it let in. */
  async function guarded() {
    const names: (string | undefined)[] = [];
    const tls = { ...selfSigned, ca: own.cert, requestCert: true, rejectUnauthorized: true };
    const server = createServer(tls, (request, response) => {
      names.push((request.socket as TLSSocket).getPeerCertificate().subject.CN?.toString());
      request.resume().on('end', () => response.writeHead(204).end());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { names, url: `https://localhost:${(server.address() as AddressInfo).port}/hook` };
  }

  it('shows it to the receiver, which lets nobody else in', async () => {
    const stage = await stageOn(await open());
    const receiver = await guarded();
    stage.engine.start();
    const ca = selfSigned.cert;
    const { id } = await stage.subscribe(receiver.url);
    const set = (authentication: object) => stage.subscriptions.set(stage.sample.supplierId, id, { authentication });
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await vi.waitFor(async () => expect(await stage.attempts()).toMatchObject([{ reason: 'tls' }]), waiting);
    expect(receiver.names).toEqual([]);
    const shown = accepted((await set({ certificate: { ...own, ca } }))!);
    expect(shown.authentication).toMatchObject({ oauth2: null, certificate: { subject: 'CN=localhost' } });
    expect(JSON.stringify(shown)).not.toContain('PRIVATE KEY');
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ lease_token: null, step: 1 }]),
      waiting,
    );
    stage.clock.now += 60_000;
    await allIn(stage, 'delivered', 1);
    expect(receiver.names).toEqual(['localhost']);
  });

  it('shows it to the server of its access tokens as well, which is trusted by the public roots and not by its own', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, selfSigned.cert]);
    try {
      const stage = await stageOn(await open());
      const receiver = await receiverOn();
      const names: (string | undefined)[] = [];
      const tls = { ...selfSigned, ca: own.cert, requestCert: true, rejectUnauthorized: true };
      const server = createServer(tls, (request, response) => {
        names.push((request.socket as TLSSocket).getPeerCertificate().subject.CN?.toString());
        response.end(JSON.stringify({ access_token: 'token', token_type: 'Bearer' }));
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const tokenUrl = `https://localhost:${(server.address() as AddressInfo).port}/token`;
      stage.engine.start();
      const { id } = await stage.subscribe(receiver.url);
      const ca = trusted[0]!;
      const authentication = { oauth2: { ...client, tokenUrl }, certificate: { ...own, ca } };
      accepted((await stage.subscriptions.set(stage.sample.supplierId, id, { authentication }))!);
      const { uuid } = await stage.hold();
      await stage.confirm(uuid);
      await allIn(stage, 'delivered', 1);
      expect(names).toEqual(['localhost']);
      expect(receiver.received[0]?.headers.authorization).toBe('Bearer token');
    } finally {
      setDefaultCACertificates(trusted);
    }
  });

  it('is refused where it cannot be used', async () => {
    const stage = await stageOn(await open());
    const { id } = await stage.subscribe('https://crm.example/');
    const refused = async (certificate: object) => {
      const change = { authentication: { certificate: { ...own, ca: null, ...certificate } } };
      const after = await stage.subscriptions.set(stage.sample.supplierId, id, change);
      return JSON.stringify(refusalOf(after!));
    };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const another = privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(await refused({ cert: 'none' })).toContain('certificate.cert');
    expect(await refused({ key: 'none' })).toContain('certificate.key');
    expect(await refused({ key: another })).toContain('key of the certificate');
    expect(await refused({ ca: 'none' })).toContain('certificate.ca');
  });
});
