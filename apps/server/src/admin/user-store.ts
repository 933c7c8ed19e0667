import type { Role } from '@carillon/contract';
import type { Queryable, Tx } from '../platform/db/index.ts';

/** Somebody who works for a supplier. `createdAt` is ms UTC. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
}

const columns = 'id, email, name, role, created_at as "createdAt"';

/** A supplier's users, oldest first. */
export function usersOf(db: Queryable, supplierId: string): Promise<User[]> {
  return db.all<User>(
    `select ${columns} from users where supplier_id = $1 and deleted_at is null order by created_at, id`,
    [supplierId],
  );
}

/** A supplier's user, its row locked. */
export async function lockUser(tx: Tx, supplierId: string, id: string): Promise<User | undefined> {
  const [row] = await tx.all<User>(
    `select ${columns} from users where id = $2 and supplier_id = $1 and deleted_at is null${tx.dialect.forUpdate}`,
    [supplierId, id],
  );
  return row;
}

/** How many owners a supplier has; their rows are locked, so that two who end another at once do not both find one left. */
export async function lockOwners(tx: Tx, supplierId: string): Promise<number> {
  const found = await tx.all(
    `select id from users where supplier_id = $1 and role = 'owner' and deleted_at is null order by id${tx.dialect.forUpdate}`,
    [supplierId],
  );
  return found.length;
}

/** Stores a new user. Gives 0 where the supplier has one with this address. */
export function insertUser(db: Queryable, supplierId: string, user: User): Promise<number> {
  return db.run(
    `insert into users (id, supplier_id, email, email_key, name, role, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (supplier_id, email_key) where deleted_at is null do nothing`,
    [user.id, supplierId, user.email, user.email.toLowerCase(), user.name, user.role, user.createdAt],
  );
}

/** Writes what may be changed of a user. */
export function updateUser(tx: Tx, { id, name, role }: Pick<User, 'id' | 'name' | 'role'>): Promise<number> {
  return tx.run('update users set name = $2, role = $3 where id = $1', [id, name, role]);
}

/** Deletes a user at a time (ms UTC); its tokens let nobody in from then on. */
export function deleteUser(tx: Tx, id: string, at: number): Promise<number> {
  return tx.run('update users set deleted_at = $2 where id = $1', [id, at]);
}
