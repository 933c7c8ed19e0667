// @ts-check

/** Something that the person at the keyboard can mend: its message is shown alone, without a stack. */
export class Problem extends Error {}

/**
 * Runs a script: a `Problem` becomes its message and exit code 1.
 * @param {() => Promise<void>} script
 */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
