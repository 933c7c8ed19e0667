import type { DeliveryFormat } from '@carillon/contract';
import type { ShownBooking } from '../facts.ts';
import type { Strings } from './strings/index.ts';
import { oneLine, webLink } from './text.ts';
import { standingItems } from './units.ts';

/** A code that lets the guest in. */
export interface Code {
  readonly value: string;
  /** Whose ticket it is; null for the voucher of the whole booking. */
  readonly label: string | null;
  /** True when it is shown as a QR code; the others are shown as text. */
  readonly qr: boolean;
}

/** A ticket that is opened elsewhere. */
interface TicketLink {
  readonly url: string;
  readonly label: string;
}

/** What lets the guest in. */
export interface Codes {
  readonly codes: readonly Code[];
  readonly links: readonly TicketLink[];
}

type DeliveryOptions = readonly { readonly deliveryFormat: DeliveryFormat; readonly deliveryValue: string }[];

/** A QR code holds 2,331 bytes at level M; past this it is too dense for a phone's camera. */
const longestQr = 800;

/** The codes and ticket links of a booking: its voucher's and its tickets', as its delivery methods say; each value once. */
export function codesOf(booking: ShownBooking, strings: Strings): Codes {
  const sources: { readonly options: DeliveryOptions; readonly label: string | null }[] = [];
  if (booking.deliveryMethods.includes('VOUCHER')) {
    sources.push({ options: booking.voucher?.deliveryOptions ?? [], label: null });
  }
  if (booking.deliveryMethods.includes('TICKET')) {
    const items = standingItems(booking);
    items.forEach((item, index) => {
      const label = `${oneLine(item.unit.title)} · ${index + 1}/${items.length}`;
      sources.push({ options: item.ticket?.deliveryOptions ?? [], label });
    });
  }
  const codes = sources.map(({ options, label }) => codeOf(options, label)).filter((code) => code !== undefined);
  const links = sources.flatMap(({ options, label }) => linksOf(options, label, strings));
  return { codes: distinct(codes, ({ value }) => value), links: distinct(links, ({ url }) => url) };
}

/** One code for each voucher or ticket: as QR code where it has one, else as it is written. */
function codeOf(options: DeliveryOptions, label: string | null): Code | undefined {
  const value = (format: DeliveryFormat) =>
    options.find(({ deliveryFormat }) => deliveryFormat === format)?.deliveryValue;
  const qr = value('QRCODE');
  if (qr !== undefined && qr !== '') return { value: qr, label, qr: Buffer.byteLength(qr) <= longestQr };
  const other = value('CODE128') ?? value('AZTECCODE');
  return other === undefined || other === '' ? undefined : { value: other, label, qr: false };
}

function linksOf(options: DeliveryOptions, label: string | null, strings: Strings): TicketLink[] {
  const names: Partial<Record<DeliveryFormat, string>> = {
    PDF_URL: strings.downloadTicket,
    PKPASS_URL: strings.addToWallet,
  };
  return options.flatMap(({ deliveryFormat, deliveryValue }) => {
    const name = names[deliveryFormat];
    const url = webLink(deliveryValue);
    return name === undefined || url === null ? [] : [{ url, label: label === null ? name : `${name} · ${label}` }];
  });
}

function distinct<T>(list: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return list.filter((item) => seen.size < seen.add(key(item)).size);
}
