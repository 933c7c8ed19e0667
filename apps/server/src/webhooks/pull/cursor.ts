/** A place in the order of a supplier's events, as whoever pulls is given it: a text that means nothing to them. */
export function cursorOf(place: number): string {
  return Buffer.from(`1.${place}`).toString('base64url');
}

/** The place of a cursor that `cursorOf` made; undefined for any other text. */
export function placeOf(cursor: string): number | undefined {
  const place = /^1\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  const number = place === undefined ? undefined : Number(place);
  return number !== undefined && Number.isSafeInteger(number) && cursorOf(number) === cursor ? number : undefined;
}
