import type { Page } from '@playwright/test';
import type { Carillon } from './server.ts';
import { expect, test } from './test.ts';

const product = 'c1000000-0000-4000-8000-000000000001';
const option = 'c1000000-0000-4000-8000-000000000002';
const adult = 'c1000000-0000-4000-8000-000000000011';
const dayMs = 86_400_000;

async function call<T>(carillon: Carillon, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${carillon.url}/octo${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${carillon.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** Books and confirms for a guest, who gets an e-mail about it. */
async function confirmedFor(carillon: Carillon, emailAddress: string): Promise<void> {
  const localDate = new Date(Date.now() + 3 * dayMs).toISOString().slice(0, 10);
  const where = { productId: product, optionId: option };
  const [slot] = await call<{ id: string }[]>(carillon, '/availability', { ...where, localDate });
  const booking = { ...where, availabilityId: slot?.id, unitItems: [{ unitId: adult }] };
  const { uuid } = await call<{ uuid: string }>(carillon, '/bookings', booking);
  const contact = { firstName: 'Anna', lastName: '<b>Schmidt</b>', emailAddress, locales: ['de-AT'] };
  await call(carillon, `/bookings/${uuid}/confirm`, { contact });
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);

test('a booking confirmed over OCTO is an e-mail in the mailbox, in the language of the guest', async ({
  page,
  carillon,
}) => {
  await confirmedFor(carillon, 'anna@example.org');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const mail = page.getByRole('link', { name: /Ihre Buchung ist bestätigt/ });
  await expect(async () => {
    await page.goto(`${carillon.url}/mailbox`);
    await expect(mail).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await mail.click();
  const shown = page.frameLocator('iframe[title="The e-mail"]');
  await expect(shown.getByRole('heading', { name: 'Große Hafenrundfahrt' })).toBeVisible();
  await expect(shown.locator('b', { hasText: 'Schmidt' })).toHaveCount(0);
  expect(errors).toEqual([]);

  const address = await page.locator('iframe[title="The e-mail"]').getAttribute('src');
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 640 });
    await page.goto(`${carillon.url}${address}`);
    expect(await scrollsSideways(page)).toBe(false);
  }
});

test('on a phone the list shows each address whole, and new e-mails come without taking the focus away', async ({
  page,
  carillon,
}) => {
  const first = 'annegret.lindenberg@example.org';
  await confirmedFor(carillon, first);
  await page.setViewportSize({ width: 390, height: 800 });
  const mail = page.getByRole('link', { name: first });
  await expect(async () => {
    await page.goto(`${carillon.url}/mailbox`);
    await expect(mail).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  expect(await scrollsSideways(page)).toBe(false);
  const recipient = mail.getByText(first);
  // A line is 24 pixels high.
  expect((await recipient.boundingBox())?.height).toBeLessThan(36);

  await mail.focus();
  const second = 'bela@example.org';
  await confirmedFor(carillon, second);
  await expect(page.getByRole('link', { name: second })).toBeVisible({ timeout: 30_000 });
  await expect(mail).toBeFocused();
});
