import type { Queryable } from '../../platform/db/index.ts';

/** An e-mail in the mailbox, as the list shows it. `receivedAt` is ms UTC. */
export interface MailSummary {
  readonly id: string;
  /** Message-ID, with angle brackets. */
  readonly messageId: string;
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
  readonly receivedAt: number;
}

/** An e-mail in the mailbox with its bytes (RFC 5322). */
export interface StoredMail extends MailSummary {
  readonly raw: string;
}

const summaryColumns = `id, message_id as "messageId", sender, recipient, subject, received_at as "receivedAt"`;

/** Keeps an e-mail to a supplier's guest; one with the same Message-ID is kept once. */
export async function insertMail(db: Queryable, mail: StoredMail & { readonly supplierId: string }): Promise<void> {
  await db.run(
    `insert into mails (id, message_id, sender, recipient, subject, raw, received_at, supplier_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (message_id) do nothing`,
    [mail.id, mail.messageId, mail.sender, mail.recipient, mail.subject, mail.raw, mail.receivedAt, mail.supplierId],
  );
}

/** Whether the mailbox has an e-mail with this Message-ID. */
export async function hasMail(db: Queryable, messageId: string): Promise<boolean> {
  const found = await db.all('select id from mails where message_id = $1', [messageId]);
  return found.length > 0;
}

/** The newest e-mails first, at most `limit`. */
export function listMails(db: Queryable, limit: number): Promise<MailSummary[]> {
  return db.all(`select ${summaryColumns} from mails order by received_at desc, id desc limit $1`, [limit]);
}

/** One e-mail, or undefined. */
export async function mailById(db: Queryable, id: string): Promise<StoredMail | undefined> {
  const [found] = await db.all<StoredMail>(`select ${summaryColumns}, raw from mails where id = $1`, [id]);
  return found;
}

/** Empties the mailbox; resolves to how many e-mails there were. */
export function deleteMails(db: Queryable): Promise<number> {
  return db.run('delete from mails');
}
