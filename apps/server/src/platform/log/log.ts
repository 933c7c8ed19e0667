import { type DestinationStream, pino } from 'pino';
import { hideInText } from './hidden-text.ts';
import { type Redact, redaction } from './redaction.ts';

/** From which severity on lines are written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * What a line tells. `code` says what happened, for machines: `noun.what_happened`, lower case, never changed once it is
 * released (`delivery.finished`, `worker.failed`). Finished work logs one line. An error goes under `err`.
 */
export interface LogFields {
  readonly code: string;
  readonly [field: string]: unknown;
}

/** Writes lines; what they must not tell is taken out before. */
export interface Log {
  debug(fields: LogFields, text?: string): void;
  info(fields: LogFields, text?: string): void;
  warn(fields: LogFields, text?: string): void;
  error(fields: LogFields, text?: string): void;
  /** The same log with fields that go into each of its lines. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/**
 * Makes a log of JSON, one line for each call: `level`, `time` (ISO 8601, UTC), the fields, `msg`. Values of fields with
 * telling names (authorization, token, email, … and those in `hide`) are replaced, as are e-mail addresses, tokens and
 * URL credentials inside any text. It writes to `destination`, by default standard output.
 */
export function createLog(options: {
  readonly level: LogLevel;
  readonly hide?: readonly string[];
  readonly destination?: DestinationStream;
}): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // Errors come as plain data already; pino's own serializer would take them for errors again.
      serializers: { err: (err) => err },
    },
    options.destination ?? pino.destination(1),
  );
  return redacting(logger, redaction(options.hide ?? []));
}

function redacting(logger: pino.Logger, redact: Redact): Log {
  const at = (level: Exclude<LogLevel, 'silent'>) => (fields: LogFields, text?: string) => {
    if (!logger.isLevelEnabled(level)) return;
    if (text === undefined) logger[level](redact(fields));
    else logger[level](redact(fields), hideInText(text));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => redacting(logger.child(redact(fields)), redact),
  };
}
