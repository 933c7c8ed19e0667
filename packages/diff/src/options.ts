import type { Identity } from './identity.ts';
import type { Path } from './json.ts';

/** How `diff` matches array elements, and what it leaves out. */
export interface DiffOptions {
  /**
   * What tells the elements of the array at `path` apart: a member's name, a function of the element, or `null` for
   * nothing (the array is then compared as a sequence). `undefined` keeps the default: `id`, then `uuid`.
   * Array indices in `path` are those of the new document. `path` is only valid during the call.
   */
  readonly identify?: ((path: Path) => Identity | null | undefined) | undefined;
  /**
   * Answers true for an object member that takes no part: whatever differs at `path` or below it makes no operation.
   * Asked only where something differs, for the member and those around it. `path` is only valid during the call.
   */
  readonly ignore?: ((path: Path) => boolean) | undefined;
}
