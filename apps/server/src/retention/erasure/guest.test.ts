import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { addressHash, guestOf, noteTheirs, tellsOf, withoutGuest } from './guest.ts';

const guest = 'Ada@Example.com';
const isGuest = guestOf(addressHash(guest));

/** A document without the guest, as far as it says itself what is theirs. */
function erased<T extends object>(told: T): T {
  const theirs = new Set<string>();
  noteTheirs(told, isGuest, theirs);
  return withoutGuest(told, { isGuest, theirs });
}

/** What tells of a person: marked, so that it is found again wherever it stays. */
const contactOf = (mark: string, address: fc.Arbitrary<string | null>) =>
  fc.record({
    fullName: fc.constantFrom(null, `${mark} name`),
    firstName: fc.constantFrom(null, `${mark} first`),
    lastName: fc.constantFrom(null, `${mark} last`),
    emailAddress: address,
    phoneNumber: fc.constantFrom(null, `${mark} phone`),
    locales: fc.constantFrom([], ['de']),
    postalCode: fc.constantFrom(null, `${mark} code`),
    country: fc.constantFrom(null, 'DE'),
    notes: fc.constantFrom(null, `${mark} contact notes`),
    allowMarketing: fc.boolean(),
  });
const theirs = contactOf('guest', fc.constantFrom(guest, 'ada@example.com', ' ADA@EXAMPLE.COM '));
const others = contactOf('other', fc.constant('bob@example.com'));

const bookingOf = (contact: typeof theirs, mark: string, itemContact: typeof theirs) =>
  fc.record({
    uuid: fc.uuid(),
    status: fc.constant('CONFIRMED'),
    contact,
    notes: fc.constantFrom(null, `${mark} booking notes`),
    cancellation: fc.constantFrom(null, { refund: 'FULL', reason: `${mark} reason`, utcCancelledAt: 'x' }),
    rejection: fc.constant(null),
    unitItems: fc.array(fc.record({ uuid: fc.uuid(), contact: itemContact, ticket: fc.constant({ code: 1 }) })),
  });
const booking = fc.oneof(
  bookingOf(theirs, 'guest', fc.oneof(theirs, others)),
  bookingOf(others, 'other', fc.oneof(theirs, others)),
);
const document = fc.oneof(
  booking,
  fc.record({ id: fc.uuid(), contact: fc.oneof(theirs, others), bookings: fc.array(booking) }),
);

describe('a document without a guest', () => {
  it('tells nothing of them, and of everybody else what it told', () => {
    fc.assert(
      fc.property(document, (told) => {
        const text = JSON.stringify(erased(told));
        expect(text.toLowerCase()).not.toContain('ada@');
        expect(text).not.toContain('guest ');
        const marks = (of: string) => of.match(/other [a-z]+|bob@/g) ?? [];
        expect(marks(text)).toEqual(marks(JSON.stringify(told)));
      }),
      { numRuns: runs(300) },
    );
  });

  it('is the very same where it told nothing of them, and stays what it is', () => {
    fc.assert(
      fc.property(document, (told) => {
        const once = erased(told);
        expect(erased(once)).toBe(once);
        expect(tellsOf(once, isGuest)).toBe(false);
        if (!tellsOf(told, isGuest)) expect(once).toBe(told);
      }),
      { numRuns: runs(300) },
    );
  });

  it('keeps a contact without an address, unless its booking, its ticket or its order had the guest’s', () => {
    const nameless = { emailAddress: null, firstName: 'Charles', locales: [], country: null };
    const booking = {
      uuid: 'b',
      orderId: 'o',
      contact: nameless,
      notes: 'aisle',
      unitItems: [{ uuid: 't', contact: nameless }],
    };
    const left = (...theirs: string[]) => withoutGuest(booking, { isGuest, theirs: new Set(theirs) });
    expect(left()).toBe(booking);
    expect(left('another')).toBe(booking);
    expect(left('t')).toMatchObject({
      notes: 'aisle',
      contact: nameless,
      unitItems: [{ contact: { firstName: null } }],
    });
    for (const id of ['b', 'o']) {
      expect(left(id)).toMatchObject({
        notes: null,
        contact: { firstName: null },
        unitItems: [{ contact: { firstName: null } }],
      });
    }
  });
});
