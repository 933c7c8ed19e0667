import type { Dispatcher } from 'undici';
import type { Expiring } from './deadlines.ts';
import { Excerpt } from './excerpt.ts';
import { failureOf, type Phase } from './failure.ts';
import type { FailureReason, Reply } from './reply.ts';

/** A well-behaved server sends one or two informational responses, if any. */
const maxInformational = 16;

/** Where a request goes. */
export interface Target {
  /** The URL's host and port, for sentences. */
  readonly host: string;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

/** What a request asks for. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What an attempt is given: where to, what, and its limits. */
export interface AttemptInput {
  readonly target: Target;
  readonly method: Method;
  readonly headers: string[] | Record<string, string>;
  readonly body: string | Uint8Array | null;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Whoever started an attempt and keeps its place. */
export interface AttemptOwner {
  /** Called once, when the attempt has its outcome. */
  settled(attempt: Attempt): void;
  /** Called once for an attempt that was sent, when undici has let go of it: with `settled` or later. */
  released(): void;
}

/** One HTTP request as undici's handler. No method may throw: undici would turn that into an unhandled error event. */
export class Attempt implements Dispatcher.DispatchHandler, Expiring {
  /** When it ends at the latest, on the monotonic clock: first the wait for a place, then the whole exchange. */
  deadline = 0;
  readonly input: AttemptInput;
  private readonly owner: AttemptOwner;
  private readonly answer: (reply: Reply) => void;
  private startedAt = 0;
  private settled = false;
  private phase: Phase = 'connecting';
  private controller: Dispatcher.DispatchController | undefined;
  private informational = 0;
  private status = 0;
  private retryAfter: string | null = null;
  private excerpt: Excerpt | undefined;

  constructor(input: AttemptInput, owner: AttemptOwner, answer: (reply: Reply) => void) {
    this.input = input;
    this.owner = owner;
    this.answer = answer;
  }

  /** Starts the clock: the request has its place among the pool's connections. */
  begin(now: number): void {
    this.startedAt = now;
    this.deadline = now + this.input.timeoutMs;
  }

  /** Ends the request with a failure and, if it is under way, its connection too. */
  fail(reason: FailureReason, detail: string): void {
    this.settle({ kind: 'failed', reason, detail, durationMs: this.elapsed() });
    this.controller?.abort(new Error(detail));
  }

  expire(): void {
    const { target, timeoutMs } = this.input;
    const { host } = target;
    if (this.startedAt === 0) {
      this.fail('busy', `No connection to ${host} became free in time.`);
    } else if (this.phase === 'connecting') {
      this.fail('timeout', `No connection to ${host} within ${timeoutMs} ms.`);
    } else if (this.phase === 'sent') {
      this.fail('timeout', `No response from ${host} within ${timeoutMs} ms.`);
    } else {
      this.fail('timeout', `No complete response from ${host} within ${timeoutMs} ms (status ${this.status}).`);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error('the request ended before it had a connection'));
    else this.phase = 'sent';
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) {
      this.informational += 1;
      if (this.informational > maxInformational) {
        this.fail('protocol', `${this.input.target.host} sent more than ${maxInformational} informational responses.`);
      }
      return;
    }
    this.phase = 'answering';
    this.status = status;
    const retryAfter = headers['retry-after'];
    if (retryAfter !== undefined) {
      this.retryAfter = (typeof retryAfter === 'string' ? retryAfter : (retryAfter[0] ?? '')).slice(0, 100);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.excerpt ??= new Excerpt(this.input.maxResponseBytes);
    this.excerpt.add(chunk);
    if (!this.excerpt.truncated) return;
    this.respond();
    this.controller?.abort(new Error('the response is longer than is read'));
  }

  onResponseEnd(): void {
    this.respond();
    this.owner.released();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.settled) {
      const failure = failureOf(error, { host: this.input.target.host, phase: this.phase, status: this.status });
      this.settle({ kind: 'failed', ...failure, durationMs: this.elapsed() });
    }
    this.owner.released();
  }

  private respond(): void {
    this.settle({
      kind: 'response',
      status: this.status,
      retryAfter: this.retryAfter,
      excerpt: this.excerpt === undefined ? '' : this.excerpt.text(),
      truncated: this.excerpt?.truncated ?? false,
      durationMs: this.elapsed(),
    });
  }

  private settle(reply: Reply): void {
    if (this.settled) return;
    this.settled = true;
    this.owner.settled(this);
    this.answer(reply);
  }

  private elapsed(): number {
    return this.startedAt === 0 ? 0 : Math.round(performance.now() - this.startedAt);
  }
}
