import { isArray, isContainer, type Json, memberOf, type Path } from './json.ts';

/** The JSON Pointer (RFC 6901) of a path: `['a/b', 0]` is `/a~1b/0`, the root is the empty string. */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (const step of path) pointer += typeof step === 'number' ? `/${step}` : `/${escapeToken(step)}`;
  return pointer;
}

function escapeToken(token: string): string {
  if (!token.includes('~') && !token.includes('/')) return token;
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The reference tokens of a JSON Pointer, unescaped; `undefined` when the text is not a pointer (RFC 6901, section 3). */
export function tokensOf(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  const tokens = pointer.slice(1).split('/');
  if (!pointer.includes('~')) return tokens;
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The array index that a token names, without leading zeros (RFC 6901, section 4); `undefined` when it names none. */
export function indexOf(token: string): number | undefined {
  return /^(?:0|[1-9]\d*)$/.test(token) ? Number(token) : undefined;
}

/** The value that a container has under a reference token; `undefined` when it has none. */
export function childOf(container: Json, token: string): Json | undefined {
  if (!isContainer(container)) return undefined;
  if (!isArray(container)) return memberOf(container, token);
  const index = indexOf(token);
  return index === undefined ? undefined : container[index];
}
