import { describe, expect, test } from 'vitest';
import { requestedCapabilities, webhookCapabilities, withCapability } from './capabilities.ts';

describe('the header Octo-Capabilities', () => {
  test('is echoed in the spelling of the caller, without what is not ours and without repeats', () => {
    const { ids, echo } = requestedCapabilities(' pricing,octo/content , octo/rentals,octo/pricing, ,');
    expect(echo).toBe('pricing, octo/content');
    expect([...ids]).toEqual(['octo/pricing', 'octo/content']);
  });

  test('may be empty or absent, which is not the same', () => {
    expect(requestedCapabilities('')).toEqual({ ids: new Set(), echo: '', given: true });
    expect(requestedCapabilities(undefined)).toEqual({ ids: new Set(), echo: '', given: false });
  });

  test('gets octo/cart where a call implies it', () => {
    expect(withCapability(requestedCapabilities('pricing'), 'octo/cart').echo).toBe('pricing, octo/cart');
    expect(withCapability(requestedCapabilities('cart'), 'octo/cart').echo).toBe('cart');
    expect(withCapability(requestedCapabilities(''), 'octo/cart').echo).toBe('octo/cart');
  });
});

describe('the capabilities of a webhook', () => {
  const header = (text: string) => requestedCapabilities(text).ids;

  test.each([
    ['octo/webhooks, pricing', ['octo/content'], ['octo/pricing']],
    ['octo/webhooks', ['octo/content'], ['octo/content']],
    ['', ['octo/webhooks', 'octo/pricing'], ['octo/pricing']],
    ['octo/webhooks', undefined, []],
    ['content, pricing', undefined, ['octo/pricing', 'octo/content']],
  ] as const)('are, with %j in the header and %j in the body, %j', (listed, body, chosen) => {
    expect(webhookCapabilities('booking_update', header(listed), body)).toEqual(chosen);
  });

  test('have octo/cart for an order_update, whatever was asked for', () => {
    expect(webhookCapabilities('order_update', header(''), undefined)).toEqual(['octo/cart']);
    expect(webhookCapabilities('order_update', header('pricing'), [])).toEqual(['octo/pricing', 'octo/cart']);
  });
});
