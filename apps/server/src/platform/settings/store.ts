import type { Queryable } from '../db/index.ts';

/** The value of a setting, or undefined. */
export async function settingOf(db: Queryable, name: string): Promise<string | undefined> {
  const [row] = await db.all<{ value: string }>('select value from settings where name = $1', [name]);
  return row?.value;
}

/** Stores a setting where there is none of its name; one that is there stays. */
export async function keepSetting(db: Queryable, name: string, value: string): Promise<void> {
  await db.run('insert into settings (name, value) values ($1, $2) on conflict (name) do nothing', [name, value]);
}

/** Stores a setting, in place of what it was. */
export async function setSetting(db: Queryable, name: string, value: string): Promise<void> {
  await db.run(
    `insert into settings (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value`,
    [name, value],
  );
}

/** Forgets a setting. */
export async function removeSetting(db: Queryable, name: string): Promise<void> {
  await db.run('delete from settings where name = $1', [name]);
}
