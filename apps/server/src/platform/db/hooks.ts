/** Runs hooks in order. One that throws cannot undo the commit: it does not stop the others, and surfaces as an uncaught exception. */
export function runHooks(hooks: readonly (() => void)[]): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
