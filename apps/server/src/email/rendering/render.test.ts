import type { BookingDocument, OrderDocument } from '@carillon/contract';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import {
  booking,
  contact,
  cruise,
  day,
  museum,
  order,
  pier,
  pricing,
  slot,
  ticket,
  unitItem,
} from '../../../test/email/bookings.ts';
import { profile } from '../../../test/email/desk.ts';
import { defaultCampaigns } from '../campaigns/campaign.ts';
import { decide } from '../leaving/decision.ts';
import { createRenderer } from './render.ts';

const render = createRenderer({ sender: 'tickets@carillon.example' });
const campaigns = defaultCampaigns.map((campaign) => ({ ...campaign, id: campaign.name }));
const now = Date.parse('2026-11-23T10:00:00Z');

interface Rendered extends ParsedMail {
  readonly raw: string;
  readonly html: string;
  readonly text: string;
  readonly calendars: readonly string[];
}

/** The e-mail about what happened to bookings, each from before to after. */
async function mailAbout(
  changes: readonly (readonly [before: BookingDocument | null, after: BookingDocument])[],
  supplier: Partial<typeof profile> = {},
  settlementMethod: OrderDocument['settlementMethod'] = 'DIRECT',
): Promise<Rendered> {
  const bookings = changes.map(([before, current]) => ({
    before,
    current,
    position: 7,
    connectionId: null,
    emails: true,
  }));
  const current = order(
    changes.map(([, after]) => after),
    { settlementMethod },
  );
  const decision = decide({
    message: {
      kind: 'news',
      campaignId: 'confirmation',
      visitDate: null,
      momentAt: null,
      visitStartsAt: null,
      only: null,
      createdAt: now,
      newestAt: now,
      attempts: 0,
    },
    supplier: { ...profile, ...supplier },
    campaigns,
    order: { before: current, current },
    bookings,
    since: { cameBack: false, wasAsked: false },
    guest: { firstTime: true, marketingAt: [] },
    suppressions: [],
    now,
  });
  if (decision.kind !== 'send') throw new Error(decision.reason);
  const { mime } = await render(decision.facts, { messageId: '<m1@carillon.example>', now });
  const parsed = await simpleParser(mime, { skipImageLinks: true });
  const calendars = parsed.attachments
    .filter(({ contentType }) => contentType === 'text/calendar')
    .map(({ content }) => content.toString().replaceAll('\r\n ', ''));
  return { ...parsed, raw: mime, html: parsed.html || '', text: parsed.text ?? '', calendars };
}

const confirmation = (changes: Partial<BookingDocument> = {}) =>
  mailAbout([[booking(changes), booking({ ...changes, status: 'CONFIRMED' })]]);
const speaks = (...locales: string[]) => ({ contact: { ...contact, locales } });
/** The HTML as it is in the e-mail, without the pictures that the parser puts into it. */
const sourceOf = ({ html }: Rendered): string => html.replace(/data:image\/png;base64,[^"]*/g, 'cid');
const visible = (html: string): string => html.replace(/<style>.*?<\/style>|<[^>]*>/gs, ' ');

describe('the brand of a supplier', () => {
  const brand = {
    name: 'Elbe & <Moon>',
    logoUrl: 'https://elbe.example/logo.png?a=1&b="2"',
    primaryColour: '#ffcc00',
    footer: 'HRB 12345 <b>Hamburg</b>\r\nManaging director: A. Bell',
  };
  const willing = { contact: { ...contact, allowMarketing: true } };
  const expired = [booking(willing), booking({ ...willing, status: 'EXPIRED' })] as const;

  test('is shown in the HTML and in the text, with every part of it escaped', async () => {
    const mail = await mailAbout([[booking(), booking({ status: 'CONFIRMED' })]], { brand });
    const html = sourceOf(mail);
    expect(html).toContain('<img src="https://elbe.example/logo.png?a=1&amp;b=%222%22" alt="Elbe &amp; &lt;Moon&gt;"');
    expect(html).toContain('<br>HRB 12345 &lt;b&gt;Hamburg&lt;/b&gt;<br>Managing director: A. Bell');
    expect(html).not.toMatch(/<Moon>|Harbour Tours/);
    expect(mail.text).toContain('HRB 12345 <b>Hamburg</b>\nManaging director: A. Bell');
    expect(mail.from?.value).toMatchObject([{ name: 'Elbe & <Moon>' }]);
  });

  test.each([
    ['#ffcc00', '#10161c'],
    ['#203060', '#ffffff'],
  ])('colours buttons %s, with what is written on them in %s', async (primaryColour, ink) => {
    const mail = await mailAbout([expired], { brand: { ...brand, primaryColour } });
    expect(mail.html).toContain(`background-color:${primaryColour};color:${ink};`);
    expect(mail.html).not.toContain('background-color:#0b5cad');
  });

  test('that could be no colour or no https address, however it was stored, is left out', async () => {
    const wrong = { ...brand, primaryColour: 'red;}</style>', logoUrl: 'http://elbe.example/logo.png' };
    const mail = await mailAbout([expired], { brand: wrong });
    expect(mail.html).toContain('background-color:#0b5cad;color:#ffffff;');
    expect(mail.html).not.toMatch(/red;|elbe\.example/);
  });
});

describe('a confirmation', () => {
  test('says what, when, where, for whom, for how much, and under which reference, in HTML and in text', async () => {
    const mail = await confirmation();
    for (const text of [visible(mail.html), mail.text]) {
      expect(text).toContain('Harbour cruise');
      expect(text).toContain('Classic');
      expect(text).toContain('Saturday, 5 December 2026');
      expect(text).toContain('14:00 – 15:30');
      expect(text).toContain('2\u00a0×\u00a0Adult, 1\u00a0×\u00a0Child');
      expect(text).toContain('€65.00');
      expect(text).toContain('HT-4711');
      expect(text).toContain('Landungsbrücken 4, 20359 Hamburg');
      expect(text).toContain('Please be there 15 minutes early.');
      expect(text).toContain('+49 40 123 45 67');
      expect(text).toContain('Hello Ada,');
    }
    const map = 'https://www.google.com/maps/search/?api=1&query=53.5436%2C9.9667';
    expect(mail.text).toContain(map);
    expect(mail.html).toContain(`href="${map.replaceAll('&', '&amp;')}"`);
  });

  test('shows the voucher as a QR code that comes with it, and asks nobody for anything', async () => {
    const mail = await confirmation();
    const [picture] = mail.attachments;
    expect(picture).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', cid: 'code-1@carillon' });
    expect(picture?.content.subarray(1, 4).toString()).toBe('PNG');
    expect(mail.html).toContain('src="cid:code-1@carillon"');
    expect(mail.html).not.toMatch(/(src|background)="?https?:|url\(|@import|<link|<script/);
    expect(mail.text).toContain('V-0001');
  });

  test('shows each ticket where tickets are what lets the guests in', async () => {
    const mail = await confirmation({
      deliveryMethods: ['TICKET'],
      unitItems: ['T-1', 'T-2'].map((code, index) => ({ ...unitItem(`u${index}`), ticket: ticket(code) })),
    });
    expect(mail.attachments.filter(({ contentType }) => contentType === 'image/png')).toHaveLength(2);
    expect(mail.text).toContain('Adult · 1/2: T-1\nAdult · 2/2: T-2');
    expect(mail.text).not.toContain('V-0001');
  });

  test('shows other codes as text, and tickets elsewhere as links, if they are on the web', async () => {
    const mail = await confirmation({
      voucher: {
        ...ticket(''),
        deliveryOptions: [
          { deliveryFormat: 'CODE128', deliveryValue: '4006381333931' },
          { deliveryFormat: 'PDF_URL', deliveryValue: 'https://tickets.example/1.pdf' },
          { deliveryFormat: 'PKPASS_URL', deliveryValue: 'javascript:alert(1)' },
        ],
      },
    });
    expect(mail.html).toContain('4006381333931');
    expect(mail.html).toContain('href="https://tickets.example/1.pdf"');
    expect(mail.raw + mail.html + mail.text).not.toContain('javascript:');
  });

  test('of a visit with opening hours shows the day and the hours, and no time of its own', async () => {
    const mail = await confirmation({ product: museum, availability: day('2026-12-06'), ...speaks('de') });
    expect(mail.text).toContain('Datum: Sonntag, 6. Dezember 2026\nÖffnungszeiten: 09:00 – 17:30');
    expect(mail.text + visible(mail.html)).not.toMatch(/00:00|23:59|Uhrzeit/);
    expect(mail.calendars[0]).toContain('DTSTART;VALUE=DATE:20261206');
    expect(mail.calendars[0]).toContain('TRANSP:TRANSPARENT');
  });

  test('of a visit with opening hours whose slot has a time is a whole day in the calendar too', async () => {
    const mail = await confirmation({ product: museum, availability: { ...day('2026-12-06'), allDay: false } });
    expect(mail.calendars[0]).toContain('DTSTART;VALUE=DATE:20261206');
  });

  test('of a visit without a date says so, and has no calendar file', async () => {
    const mail = await confirmation({ availability: null });
    expect(mail.text).toContain('Date: Open date');
    expect(mail.calendars).toEqual([]);
    expect(mail.text).not.toContain('calendar');
  });

  test.each([
    ['in summer time', '2026-07-05T10:00:00+02:00', '10:00 – 11:30', '20260705T080000Z'],
    ['in winter time', '2026-12-05T10:00:00+01:00', '10:00 – 11:30', '20261205T090000Z'],
    ['in the hour that comes twice, the second time', '2026-10-25T02:30:00+01:00', '02:30 – 04:00', '20261025T013000Z'],
  ])('%s is at the time of the venue', async (_when, start, shown, instant) => {
    const mail = await confirmation({ availability: slot(start), ...speaks('de') });
    expect(mail.text).toContain(`Uhrzeit: ${shown}`);
    expect(mail.calendars[0]).toContain(`DTSTART:${instant}`);
  });

  test('of several bookings shows each, and the sum of their prices', async () => {
    const other = { uuid: '0b0b0b0b-0000-4000-8000-000000000002', product: museum, availability: day('2026-12-06') };
    const mail = await mailAbout([
      [booking(), booking({ status: 'CONFIRMED' })],
      [booking(other), booking({ ...other, status: 'CONFIRMED' })],
    ]);
    expect(mail.subject).toBe('Your bookings are confirmed: Harbour Tours');
    expect(mail.text).toMatch(/Harbour cruise.*Maritime museum.*Total: €130\.00/s);
    expect(mail.calendars).toHaveLength(2);
    expect(mail.attachments.map(({ cid }) => cid).filter(Boolean)).toEqual(['code-1@carillon', 'code-2@carillon']);
  });

  test('of prices in different currencies shows no sum', async () => {
    const other = { uuid: '0b0b0b0b-0000-4000-8000-000000000002', pricing: pricing(900, 'USD') };
    const mail = await mailAbout([
      [booking(), booking({ status: 'CONFIRMED' })],
      [booking(other), booking({ ...other, status: 'CONFIRMED' })],
    ]);
    expect(mail.text).toContain('Price: US$9.00');
    expect(mail.text).not.toContain('Total');
  });

  test('of more than a mail program shows is not clipped: the rest comes as a file', async () => {
    const unitItems = (of: number) =>
      Array.from({ length: 8 }, (_, n) => ({ ...unitItem(`u${n}`), ticket: ticket(`T-${of}-${n}`) }));
    const mail = await mailAbout(
      Array.from({ length: 200 }, (_, n) => {
        const uuid = `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`;
        const held = booking({ uuid, deliveryMethods: ['TICKET'], unitItems: unitItems(n) });
        return [held, { ...held, status: 'CONFIRMED' as const }];
      }),
    );
    expect(Buffer.byteLength(sourceOf(mail))).toBeLessThan(102_000);
    expect(mail.html).toContain('T-0-7');
    expect(mail.html).toContain('Everything else is in the attached file.');
    const [file] = mail.attachments.filter(({ filename }) => filename === 'booking.txt');
    for (const text of [file?.content.toString(), mail.text]) expect(text).toContain('T-199-7');
  });

  test('has no such file when there is room for all', async () => {
    const mail = await confirmation();
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['code-1.png', 'booking.ics']);
    expect(mail.html).not.toContain('attached file');
  });
});

describe('an update', () => {
  test('shows old and new, in the guest’s language', async () => {
    const before = booking({ status: 'CONFIRMED', ...speaks('de') });
    const after = booking({
      status: 'CONFIRMED',
      ...speaks('de'),
      availability: slot('2026-12-06T10:00:00+01:00'),
      unitItems: [unitItem('u1')],
    });
    const mail = await mailAbout([[before, after]]);
    expect(mail.subject).toBe('Ihre Buchung hat einen neuen Termin: Hafenrundfahrt, Sonntag, 6. Dezember 2026');
    expect(mail.text).toContain('Datum: Sonntag, 6. Dezember 2026 (bisher: Samstag, 5. Dezember 2026)');
    expect(mail.text).toContain('Uhrzeit: 10:00 – 11:30 (bisher: 14:00 – 15:30)');
    expect(mail.html).toMatch(
      /line-through">Samstag, 5\. Dezember 2026<\/span> &rarr; <strong>Sonntag, 6\. Dezember 2026/,
    );
    expect(mail.text).toContain('Was sich geändert hat');
  });

  test('says that earlier tickets are not valid any more, where that is so', async () => {
    const before = booking({ status: 'CONFIRMED' });
    const moved = booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') });
    const said = 'take the place of the earlier ones';
    expect((await mailAbout([[before, moved]])).text).not.toContain(said);
    expect((await mailAbout([[before, { ...moved, voucher: ticket('V-new') }]])).text).toContain(said);
    expect((await mailAbout([[{ ...before, voucher: null }, moved]])).text).not.toContain(said);
  });

  test('shows the way to the meeting point and the pickup, old and new', async () => {
    const before = { ...booking({ status: 'CONFIRMED' }), pickupRequested: false };
    const described = { ...pier, shortDescription: { $text: { en: 'Look for the red flag' } } };
    const after = {
      ...before,
      product: { ...cruise, locations: [described] },
      pickupRequested: true,
      pickupPoint: { id: 'h1', name: 'Hotel Atlantic', address: 'An der Alster 72' },
    };
    const { text } = await mailAbout([[before, after]]);
    expect(text).toMatch(/Meeting point: .*red flag \(before: .*blue flag\)/);
    expect(text).toContain('Pickup: Hotel Atlantic, An der Alster 72 (before: none)');
  });

  test('moves the entry in the guest’s calendar', async () => {
    const before = booking({ status: 'CONFIRMED' });
    const mail = await mailAbout([
      [before, booking({ status: 'CONFIRMED', availability: slot('2026-12-06T10:00:00+01:00') })],
    ]);
    const [calendar] = mail.calendars;
    expect(calendar).toContain('METHOD:REQUEST');
    expect(calendar).toContain(`UID:${before.uuid}\r\n`);
    expect(calendar).toContain('SEQUENCE:7\r\n');
    expect(calendar).toContain('DTSTART:20261206T090000Z');
    expect(calendar).toContain('RSVP=FALSE');
    expect(mail.raw).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=REQUEST/);
  });
});

describe('a cancellation', () => {
  const before = booking({ status: 'CONFIRMED' });
  const cancelled = (refund: 'FULL' | 'PARTIAL' | 'NONE', reason: string | null = null) =>
    booking({ status: 'CANCELLED', cancellation: { refund, reason, utcCancelledAt: '2026-11-23T10:00:00Z' } });

  test.each([
    ['FULL', 'You get the full price back.'],
    ['PARTIAL', 'You get a part of the price back.'],
    ['NONE', 'The price is not refunded.'],
  ] as const)('with a refund that is %s says so', async (refund, sentence) => {
    const mail = await mailAbout([[before, cancelled(refund, 'Storm')]]);
    for (const text of [visible(mail.html), mail.text]) {
      expect(text).toContain(sentence);
      expect(text).toContain('Storm');
    }
  });

  test.each([
    ['that cost nothing', { ...before, pricing: pricing(0) }, { ...cancelled('FULL'), pricing: pricing(0) }, 'DIRECT'],
    ['that nobody has paid yet', { ...before, status: 'PENDING' as const }, cancelled('FULL'), 'DIRECT'],
    ['that was paid elsewhere', before, cancelled('FULL', 'No-go, see ticket 4711'), 'DEFERRED'],
  ] as const)('of a booking %s says nothing of money', async (_which, was, is, method) => {
    const mail = await mailAbout([[was, is]], {}, method);
    expect(mail.html + mail.text).not.toContain('price back');
    expect(mail.html + mail.text).not.toContain('see ticket');
  });

  test('shows no code and no way there, and takes the entry out of the calendar', async () => {
    const mail = await mailAbout([[before, cancelled('FULL')]]);
    expect(mail.html + mail.text).not.toMatch(/V-0001|cid:|maps/);
    expect(mail.calendars[0]).toMatch(/METHOD:CANCEL.*UID:0b0b0b0b-0000-4000-8000-000000000001.*STATUS:CANCELLED/s);
  });

  test('tells a guest who waited for an answer that it is no', async () => {
    const rejection = { reason: 'Fully booked', utcRejectedAt: '2026-11-23T10:00:00Z' };
    const mail = await mailAbout([[booking({ status: 'PENDING' }), booking({ status: 'REJECTED', rejection })]]);
    expect(mail.subject).toMatch(/^Your booking is cancelled/);
    expect(mail.text).toContain('Reason: Fully booked');
  });
});

describe('what guests and others wrote', () => {
  const nasty = `<img src=x onerror=alert(1)>"'&{{ supplier.name }}{% assign a = 1 %}`;

  test('is shown as it is, and never taken for HTML or for a template', async () => {
    const title = { $text: { en: nasty } };
    const mail = await confirmation({
      contact: { ...contact, firstName: `<b>"'&{{ t }}`, fullName: nasty },
      product: { ...cruise, title, options: cruise.options.map((option) => ({ ...option, title })) },
      supplierReference: nasty,
      voucher: ticket(nasty),
    });
    expect(mail.html).not.toContain('<img src=x');
    expect(mail.html).not.toMatch(/"'&\{/);
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(mail.text).toContain(`Hello <b>"'&{{ t }},`);
    expect(mail.subject).toContain('{{ supplier.name }}');
  });

  test('adds no header and no line of its own', async () => {
    const name = 'Ada\r\nBcc: eve@example.com\r\n\r\nClick https://evil.example';
    const title = { $text: { en: 'Cruise\r\nX-Evil: 1\u202egnp.exe' } };
    const mail = await confirmation({
      contact: { ...contact, fullName: name, firstName: name },
      product: { ...cruise, title },
    });
    expect([...mail.headers.keys()]).not.toContain('bcc');
    expect([...mail.headers.keys()]).not.toContain('x-evil');
    expect(mail.subject).toContain('Cruise X-Evil: 1 gnp.exe');
    expect(mail.raw).not.toContain('evil.example');
    expect(mail.text).toContain('Hello,\n');
    expect(mail.to).toMatchObject({ value: [{ address: 'ada@example.com' }] });
  });

  test.each([
    'Your card was charged, visit www.evil.example',
    'Ada, pay at evil.example/pay',
    'Ada https://evil',
    'Ada <eve@evil>',
    'Dear customer, we need your card number once more, please answer to this e-mail',
  ])('is not said in the supplier’s name: %s', async (firstName) => {
    const mail = await confirmation({ contact: { ...contact, firstName, fullName: firstName } });
    expect(mail.text).toContain('Hello,\n');
    expect(mail.html + mail.text + mail.headers.get('to')).not.toContain(firstName);
  });

  test('may be missing', async () => {
    const nobody = { ...contact, fullName: null, firstName: null, lastName: null };
    const bare = { name: 'Harbour Tours', contact: { website: null, email: null, telephone: null, address: null } };
    const before = booking({ contact: nobody, voucher: null, unitItems: [], supplierReference: null });
    const mail = await mailAbout([[before, { ...before, status: 'CONFIRMED' }]], { document: bare });
    expect(mail.text).toContain('Hello,\n');
    expect(mail.text).toContain('Reference: O-1001');
    expect(mail.text).not.toMatch(/null|undefined|Tickets:|Questions/);
    expect(visible(mail.html)).not.toMatch(/null|undefined/);
  });
});

test('who is asked to complete a booking is told why, and not that there is one', async () => {
  const willing = { contact: { ...contact, allowMarketing: true } };
  const { text } = await mailAbout([[booking(willing), booking({ ...willing, status: 'EXPIRED' })]]);
  expect(text).toContain('a place with Harbour Tours was held with your address');
  expect(text).not.toContain('was made');
});

test.each([
  ['+49 (0)40 123', 'tel:+4940123'],
  ['+1 (040) 123', 'tel:+1040123'],
  ['(040) 123', 'tel:040123'],
])('the telephone number %s is called as %s', async (telephone, link) => {
  const document = { ...profile.document, contact: { ...profile.document.contact, telephone } };
  const before = booking();
  const mail = await mailAbout([[before, { ...before, status: 'CONFIRMED' }]], { document });
  expect(mail.html).toContain(`href="${link}"`);
});

test('an address with letters beyond ASCII in its domain is written in ASCII', async () => {
  const mail = await confirmation({ contact: { ...contact, emailAddress: 'ada@exämple.de' } });
  expect(mail.raw).toMatch(/^To: .*<ada@xn--exmple-cua\.de>/m);
});

test('an e-mail is not answered by machines, goes back to the supplier, and is 7-bit with CRLF at line ends', async () => {
  const mail = await confirmation(speaks('es'));
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.headers.get('content-language')).toBe('es');
  expect(mail.replyTo).toMatchObject({ value: [{ address: 'hello@harbour.example' }] });
  expect(mail.messageId).toBe('<m1@carillon.example>');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(mail.raw).not.toMatch(/[^\x00-\x7f]|[^\r]\n|\r[^\n]/);
});

test('the words of a language that nobody wrote are the supplier’s', async () => {
  const titles = { $text: { fr: 'Croisière', de: 'Rundfahrt' } };
  const french = booking({ ...speaks('fr'), product: { ...cruise, title: titles } });
  const mail = await mailAbout([[french, { ...french, status: 'CONFIRMED' }]], {
    language: 'de',
    languages: ['de', 'fr'],
  });
  expect(mail.subject).toMatch(/^Ihre Buchung ist bestätigt: Croisière/);
});
