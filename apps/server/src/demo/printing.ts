import type { Mail } from './client.ts';
import type { Delivery, DiffOperation } from './delivery.ts';

/** More operations than this are counted, not shown. */
const shownOperations = 6;
const shownCharacters = 60;

/** A webhook as the terminal shows it: event, booking, language, and its diff, an operation a line. */
export function deliveryText({ event, language, signed, diff }: Delivery, booking: string): string {
  const more = diff.length - shownOperations;
  return [
    `   webhook  ${event}  ${booking}  language ${language}  ${signed ? 'signature valid' : 'SIGNATURE NOT VALID'}`,
    ...diff.slice(0, shownOperations).map((operation) => `              ${operationText(operation)}`),
    ...(more > 0 ? [`              … and ${more} more`] : []),
  ].join('\n');
}

/** An e-mail as the terminal shows it. */
export function mailText({ to, subject }: Mail, url: string): string {
  return `   e-mail   to ${to}: ${subject}\n              ${url}`;
}

function operationText({ op, path, was, value }: DiffOperation): string {
  if (op === 'remove') return `${op} ${path}: ${short(was)}`;
  return was === undefined ? `${op} ${path}: ${short(value)}` : `${op} ${path}: ${short(was)} → ${short(value)}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
