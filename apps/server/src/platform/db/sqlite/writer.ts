import type { Param } from '../db.ts';
import { DatabaseError } from '../errors.ts';
import { op } from './protocol.ts';
import type { DatabaseThread, Waiting } from './thread.ts';
import { atEndOfTick } from './tick.ts';

/** A group is committed when nobody else waits, or at one of these bounds, so that the first in it is not kept waiting. */
const maxGroup = 512;
const maxGroupMs = 5;
/** More callers than this waiting for the writer are refused. */
const maxQueue = 20_000;
/** How long the main thread stands still for a statement of the transaction that has the writer. */
const awaitMs = 0.1;

/** Who waits for the outcome of a job. */
export interface Caller<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for the writer, and then for the commit of its group. */
export interface Job {
  /** Its turn has come: it says its statements to the thread, and then joins the group. Must not throw. */
  start(): void;
  /** The commit is durable. */
  committed(): void;
  /** It had no turn, or the commit failed: nothing of it took place. */
  lost(error: DatabaseError): void;
}

/**
 * Gives the one writer of the database to one job after the other, and lets concurrent jobs share a commit: each is a
 * savepoint inside one outer transaction, and is answered when that is durable. While the thread commits, jobs queue up and form the
 * next group. What is said in one tick goes to the thread in one message.
 */
export class Writer {
  readonly #thread: DatabaseThread;
  readonly #onSchemaChange: () => void;
  #queue: Job[] = [];
  #head = 0;
  #group: Job[] = [];
  #groupSince = 0;
  /** The thread has an outer transaction open. */
  #begun = false;
  #committing = false;
  #schemaChanged = false;
  /** The job that has the writer to itself: a transaction whose work is running. */
  #owner: Job | undefined;
  /** It has said something that was not yet sent. */
  #ownerSpoke = false;
  #tickScheduled = false;
  #closed = false;
  #drained: (() => void) | undefined;

  /** `onSchemaChange` is called once a change of the schema is committed. */
  constructor(thread: DatabaseThread, onSchemaChange: () => void) {
    this.#thread = thread;
    this.#onSchemaChange = onSchemaChange;
  }

  /** Queues a job for its turn. */
  enqueue(job: Job): void {
    if (this.#closed || this.#queue.length - this.#head >= maxQueue) {
      const reason = this.#closed
        ? 'the database is closed'
        : `more than ${maxQueue} transactions wait for the database`;
      job.lost(new DatabaseError('unavailable', reason));
      return;
    }
    this.#queue.push(job);
    this.schedule();
  }

  /** A started job takes the writer for itself, until it joins or leaves. */
  own(job: Job): void {
    this.#owner = job;
  }

  /** Says a statement of a started job. */
  execute(sql: string, params: readonly Param[], wantsRows: boolean, waiting: Waiting): void {
    this.#begun = true;
    if (this.#thread.execute(sql, params, wantsRows, waiting)) this.#schemaChanged = true;
    if (this.#owner !== undefined) this.#ownerSpoke = true;
    this.schedule();
  }

  /** Begins the savepoint of the job that owns the writer. */
  savepoint(): void {
    this.#begun = true;
    this.#thread.say(op.savepoint);
  }

  /** Ends that savepoint: what was done in it is kept, unless one of its statements fails. */
  release(): void {
    this.#thread.say(op.release);
  }

  /** Ends that savepoint: what was done in it is undone. */
  rollback(): void {
    this.#thread.say(op.rollback);
    this.undone();
  }

  /** What was done in a savepoint was undone. */
  undone(): void {
    if (this.#schemaChanged) this.#thread.forgetStatements();
  }

  /** A started job has said everything, and waits for the commit. */
  join(job: Job): void {
    if (this.#owner === job) this.#owner = undefined;
    this.#group.push(job);
    this.schedule();
  }

  /** A started job has nothing to commit. */
  leave(job: Job): void {
    if (this.#owner === job) this.#owner = undefined;
    this.schedule();
  }

  /** Has what was said sent at the end of this tick. */
  schedule(): void {
    if (this.#tickScheduled) return;
    this.#tickScheduled = true;
    atEndOfTick(() => this.#tick());
  }

  /** Refuses new jobs, and resolves when those in hand are done. */
  async drain(): Promise<void> {
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.schedule();
    });
  }

  #tick(): void {
    this.#tickScheduled = false;
    while (!this.#committing && this.#owner === undefined && this.#head < this.#queue.length && !this.#groupIsFull()) {
      const job = this.#queue[this.#head++] as Job;
      if (this.#group.length === 0) this.#groupSince = performance.now();
      job.start();
    }
    // Drops what has had its turn: at once when nobody waits, else now and then.
    if (this.#head === this.#queue.length || this.#head > maxGroup) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (!this.#committing && this.#owner === undefined && this.#begun) this.#commit();
    this.#thread.post();
    if (this.#ownerSpoke && !this.#groupIsDue()) this.#thread.awaitAnswers(awaitMs);
    this.#ownerSpoke = false;
    if (this.#drained && this.#queue.length === 0 && !this.#committing && this.#owner === undefined) this.#drained();
  }

  #groupIsFull(): boolean {
    return this.#group.length > 0 && (this.#group.length >= maxGroup || this.#groupIsDue());
  }

  #groupIsDue(): boolean {
    return performance.now() - this.#groupSince >= maxGroupMs;
  }

  #commit(): void {
    const group = this.#group;
    this.#group = [];
    this.#begun = false;
    this.#committing = true;
    const schemaChanged = this.#schemaChanged;
    this.#schemaChanged = false;
    const after = () => {
      this.#committing = false;
      this.schedule();
      if (schemaChanged) this.#onSchemaChange();
    };
    this.#thread.ask(op.commit, {
      done: () => {
        after();
        for (const job of group) job.committed();
      },
      failed: (error) => {
        after();
        for (const job of group) job.lost(error);
      },
    });
  }
}
