import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './test.ts';

test('a browser starts, runs the script of a page and shows its text', async ({ page }) => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<h1>Führung</h1><script>document.querySelector("h1").append(" um zehn")</script>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    await expect(page.getByRole('heading')).toHaveText('Führung um zehn');
    const { width } = (await page.getByRole('heading').boundingBox()) ?? { width: 0 };
    expect(width).toBeGreaterThan(0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
