import { DatabaseError, type Db } from '../db/index.ts';
import { keepSetting, settingOf } from '../settings/index.ts';
import { SecretRefused } from './refused.ts';
import { CannotOpen, type Sealing } from './sealing.ts';

const name = 'secret_check';

/**
 * Throws `SecretRefused` unless `sealing` opens what the first start on this database sealed, and so what is sealed in it. The
 * message calls the secret by what it is configured with.
 */
export async function checkSecret(db: Db, sealing: Sealing, calledBy: string): Promise<void> {
  await keepSetting(db, name, sealing.seal('carillon'));
  const sealed = await settingOf(db, name);
  if (sealed === undefined) throw new DatabaseError('other', `the setting ${name} was stored and is not there`);
  try {
    sealing.open(sealed);
  } catch (cause) {
    if (!(cause instanceof CannotOpen)) throw cause;
    throw new SecretRefused(
      `${calledBy} is not the secret that this database was begun with: the secrets sealed in it cannot be opened. ` +
        'Start with the former one.',
      { cause },
    );
  }
}
