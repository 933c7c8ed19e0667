import { DatabaseError, type Db } from '../db/index.ts';
import { keepSetting, setSetting, settingOf } from '../settings/index.ts';
import { SecretRefused } from './refused.ts';
import { CannotOpen, type Sealing } from './sealing.ts';

const name = 'secret_check';
const checkText = 'carillon';

/**
 * Throws `SecretRefused` unless `sealing` opens what was sealed on this database last (`renewSecretCheck`), and so what is sealed
 * in it. The message calls the secret by what it is configured with.
 */
export async function checkSecret(db: Db, sealing: Sealing, calledBy: string): Promise<void> {
  await keepSetting(db, name, sealing.seal(checkText));
  const sealed = await settingOf(db, name);
  if (sealed === undefined) throw new DatabaseError('other', `the setting ${name} was stored and is not there`);
  try {
    sealing.open(sealed);
  } catch (cause) {
    if (!(cause instanceof CannotOpen)) throw cause;
    throw new SecretRefused(
      `${calledBy} is not the secret that this database was begun with: the secrets sealed in it cannot be opened. ` +
        'Start with the former one, or name that in CARILLON_PREVIOUS_SECRETS until everything is sealed anew.',
      { cause },
    );
  }
}

/** Has `checkSecret` ask for the current secret from now on: nothing is sealed with a former one. Tells whether it did not before. */
export async function renewSecretCheck(db: Db, sealing: Sealing): Promise<boolean> {
  const sealed = await settingOf(db, name);
  if (sealed?.startsWith(`s1.${sealing.keyId}.`)) return false;
  await setSetting(db, name, sealing.seal(checkText));
  return true;
}
