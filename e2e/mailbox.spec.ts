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

test('a booking confirmed over OCTO is an e-mail in the mailbox, in the language of the guest', async ({
  page,
  carillon,
}) => {
  const localDate = new Date(Date.now() + 3 * dayMs).toISOString().slice(0, 10);
  const where = { productId: product, optionId: option };
  const [slot] = await call<{ id: string }[]>(carillon, '/availability', { ...where, localDate });
  const booking = { ...where, availabilityId: slot?.id, unitItems: [{ unitId: adult }] };
  const { uuid } = await call<{ uuid: string }>(carillon, '/bookings', booking);
  const contact = {
    firstName: 'Anna',
    lastName: '<b>Schmidt</b>',
    emailAddress: 'anna@example.org',
    locales: ['de-AT'],
  };
  await call(carillon, `/bookings/${uuid}/confirm`, { contact });

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
});
