import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { expect, test } from 'vitest';
import { faultAnswer } from './fault-answer.ts';
import { requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { unknownRoute } from './unknown-route.ts';

const app = new Hono();
app.use(
  requestId(() => 'made-here'),
  securityHeaders({ https: true }),
);
app.get('/page', (c) => c.html('<p>', 200, { 'Content-Security-Policy': "default-src 'self'" }));
app.notFound(unknownRoute);

test('an unknown path is 404 as JSON, with the headers of every answer', async () => {
  const response = await app.request('/nothing', { method: 'PUT' });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: 'not_found', message: 'There is no PUT /nothing.' });
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
});

test('a page keeps the policy that it brings', async () => {
  const response = await app.request('/page');
  expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
});

test('a server that is reached over plain HTTP does not ask for HTTPS', async () => {
  const plain = new Hono().use(securityHeaders({ https: false })).get('/', (c) => c.text('hello'));
  expect((await plain.request('/')).headers.has('strict-transport-security')).toBe(false);
});

test.each([
  ['abc-123', 'abc-123'],
  ['a b<script>', 'made-here'],
  ['x'.repeat(65), 'made-here'],
])('the request id %j becomes %j', async (sent, kept) => {
  const response = await app.request('/page', { headers: { 'X-Request-Id': sent } });
  expect(response.headers.get('x-request-id')).toBe(kept);
});

test('a refusal is answered with its own status and is no fault; a fault is logged with the id of its request', async () => {
  const logged: unknown[] = [];
  const faulty = new Hono().use(requestId(() => 'r1'));
  faulty.onError(faultAnswer({ error: (fields) => void logged.push(fields) }));
  faulty.post('/form', csrf(), (c) => c.text('taken'));
  faulty.get('/refused', () => {
    throw new HTTPException(413, { message: 'That is too much.' });
  });
  faulty.get('/broken', () => {
    throw new Error('broken');
  });
  const form = { method: 'POST', headers: { 'content-type': 'text/plain', origin: 'https://other.example' } };
  expect((await faulty.request('/form', form)).status).toBe(403);
  const refused = await faulty.request('/refused');
  expect(refused.status).toBe(413);
  expect(await refused.json()).toEqual({ error: 'refused', message: 'That is too much.' });
  expect(logged).toEqual([]);
  expect((await faulty.request('/broken')).status).toBe(500);
  expect(logged).toMatchObject([{ code: 'http.failed', method: 'GET', path: '/broken', requestId: 'r1' }]);
});
