import type { MessagePort } from 'node:worker_threads';

/**
 * What the main thread and a database thread say to each other. Both ways a message is one flat array of words: structured clone is
 * cheapest for those, and a message carries everything said in one tick. Operations are answered in the order in which they were said.
 */
export type Word = string | number | null;

/** The operations, each followed by its words. */
export const op = {
  /** id, SQL: the number under which a statement is known from here on. No answer. */
  define: 0,
  /** id: the statement is not used any more. No answer. */
  forget: 1,
  /** No answer. Forgets all statements; the schema changed. */
  forgetAll: 2,
  /** id, count, parameters. Answer: rows. */
  all: 3,
  /** id, count, parameters. Answer: number of rows changed. */
  run: 4,
  /** Begins the next transaction of the group. No answer. */
  savepoint: 5,
  /** Ends that transaction, keeping what it did. No answer. */
  release: 6,
  /** Ends that transaction, undoing what it did. No answer. */
  rollback: 7,
  /** Makes the whole group durable. Answer: 0. */
  commit: 8,
  /** Answer: 0, once everything is in the database file and it is closed. */
  close: 9,
} as const;

/** First word of an answer that is no plain count. */
export const answer = {
  /** code of SQLite or null, message, constraint or null. */
  failed: -1,
  /** count, names: the columns of the statement, before its first rows. Then the rows' count, and their values. */
  columns: -2,
} as const;

/** What a database thread is started with. */
export interface ThreadData extends DatabaseFile {
  /** Its end of the channel on which all messages go. */
  readonly port: MessagePort;
}

/** The file that a connection opens. */
export interface DatabaseFile {
  readonly path: string;
  readonly readOnly: boolean;
}
