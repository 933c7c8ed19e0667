import { adminTokenStore } from './admin/index.ts';
import type { Config } from './config.ts';
import { seedCampaigns } from './email/index.ts';
import { DatabaseError, type Db } from './platform/db/index.ts';
import { createIds } from './platform/ids/index.ts';
import { hashKey, randomKey } from './platform/secrets/index.ts';
import { setSetting, settingOf } from './platform/settings/index.ts';
import { seedSample } from './supplier/index.ts';

/** The keys to the sample data. Undefined: shown at an earlier start; they are stored hashed. */
export interface SampleKeys {
  readonly website: string | undefined;
  readonly reseller: string | undefined;
  readonly admin: string | undefined;
}

const shownSetting = 'sample_keys_shown';

/**
 * Sees to the sample data of local mode, and to keys that open them: the configured ones, and until a start has shown them
 * (`sampleKeysShown`) new random ones. What an earlier start left unfinished is finished.
 */
export async function prepareSample(
  db: Db,
  config: Pick<Config, 'demoKey' | 'adminToken' | 'sample'>,
  now: () => number,
): Promise<SampleKeys> {
  const newId = createIds({ now });
  const shown = (await settingOf(db, shownSetting)) !== undefined;
  const fresh = (prefix: string) => (shown ? undefined : randomKey(prefix));
  const keys = {
    website: config.demoKey ?? fresh('ck'),
    reseller: fresh('ck'),
    admin: config.adminToken ?? fresh('ca'),
  };
  const hashOf = (key: string | undefined) => (key === undefined ? undefined : hashKey(key));
  const { holdSeconds, settlingMs } = config.sample;
  const seed = () =>
    seedSample(db, {
      now,
      newId,
      keyHashes: { website: hashOf(keys.website), reseller: hashOf(keys.reseller) },
      ...(holdSeconds === undefined ? {} : { holdSeconds }),
      ...(settlingMs === undefined ? {} : { settlingMs }),
    });
  const { supplierId } = await seed().catch((error: unknown) => {
    // Another node did it at the same moment: now it is there.
    if (error instanceof DatabaseError && error.kind === 'unique') return seed();
    throw error;
  });
  if (keys.admin !== undefined) {
    const token = { id: newId(), supplierId, instance: true, name: 'first start', token: keys.admin, now: now() };
    await adminTokenStore(db, hashKey).put(token);
  }
  await seedCampaigns(db, supplierId, { now, newId });
  return keys;
}

/**
 * Makes the configured admin token that of the instance, which makes suppliers and is of none; in local mode it is also that of
 * the sample's supplier (`prepareSample`).
 */
export async function prepareInstance(
  db: Db,
  { adminToken }: Pick<Config, 'adminToken'>,
  now: () => number,
): Promise<void> {
  if (adminToken === undefined) return;
  const token = { supplierId: null, instance: true, name: 'instance', token: adminToken, now: now() };
  await adminTokenStore(db, hashKey).put({ ...token, id: createIds({ now })() });
}

/** Notes that the keys were shown: later starts make no new ones. */
export function sampleKeysShown(db: Db): Promise<void> {
  return setSetting(db, shownSetting, 'yes');
}
