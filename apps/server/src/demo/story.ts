import type { Booking, Client, Product, Slot } from './client.ts';
import type { ExpectedDelivery, ExpectedMail } from './expectation.ts';

/** Something that a client does, and what it must cause. */
export interface Step {
  readonly title: string;
  act(): Promise<{ readonly deliveries: readonly ExpectedDelivery[]; readonly mails: readonly ExpectedMail[] }>;
}

const guest = {
  fullName: 'Klara Sommer',
  firstName: 'Klara',
  lastName: 'Sommer',
  emailAddress: 'klara@example.com',
  locales: ['de'],
  allowMarketing: true,
};
const hesitant = {
  ...guest,
  fullName: 'Jonas Winter',
  firstName: 'Jonas',
  lastName: 'Winter',
  emailAddress: 'jonas@example.com',
};
const dayMs = 86_400_000;

/** What happens to a guest's bookings; `now` is ms UTC, `name` hears what each booking is called. */
export function storyOf(
  { octo }: Client,
  deps: { readonly now: number; readonly name: (uuid: string, name: string) => void },
): Step[] {
  // Made by the first step.
  let booked: Booked | undefined;
  const made = (): Booked => {
    if (booked === undefined) throw new Error('nothing is booked yet');
    return booked;
  };
  const none = { deliveries: [], mails: [] };
  const changed = (booking: Booking, changes: ExpectedDelivery['changes']): ExpectedDelivery => ({
    uuid: booking.uuid,
    booking: booking.supplierReference,
    changes,
  });
  const mail = (subject: string, to = guest.emailAddress): ExpectedMail => ({ to, subject });
  const reserve = async (request: object): Promise<Booking> => {
    const booking = await octo<Booking>('POST', '/bookings', request);
    deps.name(booking.uuid, booking.supplierReference);
    return booking;
  };

  return [
    {
      title: 'Klara, who reads German, books twice in one order',
      async act() {
        const { request, later, child } = await offer(octo, deps.now);
        const first = await reserve({ ...request, contact: guest, expirationMinutes: 30 });
        const second = await reserve({ ...request, orderId: first.orderId, contact: guest, expirationMinutes: 30 });
        booked = { first, second, request, later, child };
        return none;
      },
    },
    {
      title: 'She pays: the order is confirmed',
      async act() {
        const { first, second } = made();
        await octo('POST', `/orders/${first.orderId}/confirm`, { contact: guest });
        const deliveries = [first, second].map((booking) =>
          changed(booking, {
            ...newStatus('CONFIRMED', 2),
            '/utcExpiresAt': null,
            '/utcConfirmedAt': undefined,
            '/voucher/deliveryOptions/0': undefined,
          }),
        );
        return { deliveries, mails: [mail('Ihre Buchungen sind bestätigt:')] };
      },
    },
    {
      title: 'She moves the first booking to a later departure',
      async act() {
        const { first, later } = made();
        await octo('PATCH', `/bookings/${first.uuid}`, { availabilityId: later });
        return {
          deliveries: [
            changed(first, {
              '/availabilityId': later,
              '/availability/id': later,
              '/availability/localDateTimeStart': later,
              '/availability/localDateTimeEnd': undefined,
              '/availability/utcCutoffAt': undefined,
            }),
          ],
          mails: [mail('Ihre Buchung hat einen neuen Termin:')],
        };
      },
    },
    {
      title: 'She brings a child along',
      async act() {
        const { first, child } = made();
        const kept = first.unitItems.map(({ uuid, unitId }) => ({ uuid, unitId }));
        const unitItems = [...kept, { unitId: child }];
        await octo('PATCH', `/bookings/${first.uuid}`, { unitItems });
        const prices = ['', '/includedTaxes/0'].flatMap((of) =>
          ['original', 'retail', 'net'].map((price) => [`/pricing${of}/${price}`, undefined]),
        );
        const changes = { '/unitItems/2': undefined, ...Object.fromEntries(prices) };
        return { deliveries: [changed(first, changes)], mails: [mail('Ihre Buchung wurde geändert:')] };
      },
    },
    {
      title: 'She cancels the first booking',
      async act() {
        const { first, second } = made();
        await octo('POST', `/bookings/${first.uuid}/cancel`, { reason: 'It will rain.' });
        const changes = { ...newStatus('CANCELLED', 3), '/cancellation': undefined, '/primary': false };
        const deliveries = [changed(first, changes), changed(second, { '/primary': true })];
        return { deliveries, mails: [mail('Ihre Buchung ist storniert:')] };
      },
    },
    {
      title: 'Jonas holds a booking, and lets the hold run out',
      async act() {
        const held = await reserve({ ...made().request, contact: hesitant });
        return {
          deliveries: [changed(held, { ...newStatus('EXPIRED', 2), '/cancellation': undefined })],
          mails: [mail('Ihre Buchung ist noch nicht abgeschlossen:', hesitant.emailAddress)],
        };
      },
    },
  ];
}

/** What changes with the status of a booking of so many units. */
function newStatus(status: string, units: number): Record<string, string> {
  const items = Array.from({ length: units }, (_, index) => [`/unitItems/${index}/status`, status]);
  return { '/status': status, ...Object.fromEntries(items) };
}

interface Offer {
  readonly request: object;
  /** Another slot of the same day. */
  readonly later: string;
  readonly child: string;
}

interface Booked extends Offer {
  readonly first: Booking;
  readonly second: Booking;
}

/** Two adults on the first departure that can be booked from tomorrow on, and what that booking can be changed to. */
async function offer(octo: Client['octo'], now: number): Promise<Offer> {
  const products = await octo<Product[]>('GET', '/products');
  const product = products.find(({ availabilityType }) => availabilityType === 'START_TIME');
  const [option] = product?.options ?? [];
  const unit = (type: string) => option?.units.find((one) => one.type === type)?.id;
  const [adult, child] = [unit('ADULT'), unit('CHILD')];
  if (product === undefined || option === undefined || adult === undefined || child === undefined) {
    throw new Error('The sample supplier has no departures for adults and children.');
  }
  const day = (ahead: number) => new Date(now + ahead * dayMs).toISOString().slice(0, 10);
  const slots = await octo<Slot[]>('POST', '/availability', {
    productId: product.id,
    optionId: option.id,
    localDateStart: day(2),
    localDateEnd: day(9),
  });
  const [slot, later] = slots.filter(({ available }) => available);
  if (slot === undefined || later === undefined) throw new Error('The sample supplier has no free departures.');
  const unitItems = [{ unitId: adult }, { unitId: adult }];
  const request = { productId: product.id, optionId: option.id, availabilityId: slot.id, unitItems };
  return { request, later: later.id, child };
}
