import fc from 'fast-check';
import type { Json } from '../src/index.ts';
import { parsed } from './json.ts';

type Container = Json[] | Record<string, Json>;

/** What happens to one container of a document, and how to find the container and the place in it. */
interface Mutation {
  readonly route: number[];
  readonly place: number;
  readonly kind: 'set' | 'scramble' | 'add' | 'take' | 'move' | 'reverse' | 'repeat' | 'forget';
  readonly value: Json;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  route: fc.array(fc.nat(50), { maxLength: 6 }),
  place: fc.nat(50),
  kind: fc.constantFrom('set', 'scramble', 'add', 'take', 'move', 'reverse', 'repeat', 'forget'),
  value: fc.oneof(
    fc.constantFrom<Json>(null, true, 'CANCELLED', '2026-07-14T15:00:00+01:00', 0, '', [], {}, ['en']),
    fc.constant<Json>({ refund: 'FULL', reason: null, utcCancelledAt: '2026-06-02T10:00:00Z' }),
    fc.constant<Json>({ deliveryFormat: 'QRCODE', deliveryValue: 'NEW' }),
    fc.constant<Json>({ id: '7', uuid: 7, status: 'ON_HOLD' }),
  ),
});

/** A document and what a few mutations made of it: edited, cleared, added, removed, moved and repeated parts. */
export function mutationsOf(document: () => Json): fc.Arbitrary<readonly [Json, Json]> {
  return fc.array(mutation, { maxLength: 8 }).map((mutations) => {
    const before = parsed(document());
    const after = parsed(before);
    for (const each of mutations) mutate(containerAt(after as Container, each.route), each);
    return [before, after] as const;
  });
}

function containerAt(root: Container, route: readonly number[]): Container {
  let here = root;
  for (const step of route) {
    const inner = Object.values(here).filter((value) => typeof value === 'object' && value !== null) as Container[];
    if (inner.length === 0) break;
    here = inner[step % inner.length] as Container;
  }
  return here;
}

function mutate(container: Container, { kind, place, value }: Mutation): void {
  if (Array.isArray(container)) mutateArray(container, kind, place, value);
  else mutateObject(container, kind, place, value);
}

function mutateArray(array: Json[], kind: Mutation['kind'], place: number, value: Json): void {
  const at = place % (array.length || 1);
  if (kind === 'set' && array.length > 0) array[at] = parsed(value);
  if (kind === 'scramble') array.splice(at, 2, ...parsed(array.slice(-2)));
  if (kind === 'add') array.splice(at, 0, parsed(value));
  if (kind === 'take' || kind === 'forget') array.splice(at, 1);
  if (kind === 'move') array.push(...array.splice(at, 1));
  if (kind === 'reverse') array.reverse();
  if (kind === 'repeat' && array.length > 0) array.push(parsed(array[at] as Json));
}

function mutateObject(object: Record<string, Json>, kind: Mutation['kind'], place: number, value: Json): void {
  const names = Object.keys(object);
  const name = names[place % (names.length || 1)] ?? 'new';
  if (kind === 'set' || kind === 'scramble') object[name] = parsed(value);
  if (kind === 'add') object[`new${place}`] = parsed(value);
  if (kind === 'take' || kind === 'move') delete object[name];
  if (kind === 'repeat') object.id = place % 3;
  if (kind === 'forget') for (const identity of ['id', 'uuid']) delete object[identity];
}
