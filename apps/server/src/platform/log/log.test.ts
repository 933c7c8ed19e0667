import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { createLog, type LogLevel } from './log.ts';

function open(level: LogLevel = 'debug', hide: string[] = []) {
  const lines: string[] = [];
  const log = createLog({ level, hide, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

describe('a line', () => {
  it('is JSON with level, time, code, fields and text, and ends with the only line break', () => {
    const { log, lines, last } = open();
    log.info({ code: 'delivery.finished', delivery: 'd1', attempts: 2, ok: true, none: null }, 'delivered\nin order');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      code: 'delivery.finished',
      delivery: 'd1',
      attempts: 2,
      ok: true,
      none: null,
      msg: 'delivered\nin order',
    });
  });

  it('is written from the level up', () => {
    for (const [level, count] of [
      ['debug', 4],
      ['info', 3],
      ['warn', 2],
      ['error', 1],
      ['silent', 0],
    ] as const) {
      const { log, lines } = open(level);
      log.debug({ code: 'a.b' });
      log.info({ code: 'a.b' });
      log.warn({ code: 'a.b' });
      log.error({ code: 'a.b' });
      expect(lines).toHaveLength(count);
    }
  });

  it('carries the fields of its parents', () => {
    const { log, last } = open();
    log.child({ worker: 'expiry', token: 'abc' }).child({ run: 7 }).warn({ code: 'a.b' });
    expect(last()).toMatchObject({ worker: 'expiry', token: '[hidden]', run: 7, code: 'a.b' });
  });

  it('tells of an error its type, code, message, stack and causes, and none of its data', () => {
    const { log, last } = open();
    const cause = Object.assign(new TypeError('duplicate key'), {
      code: '23505',
      detail: 'Key (name)=(Anna Lind) exists',
    });
    log.error({ code: 'a.b', err: new AggregateError([new Error('one')], 'failed', { cause }) });
    expect(last().err).toMatchObject({
      type: 'AggregateError',
      message: 'failed',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'TypeError', code: '23505', message: 'duplicate key' },
      errors: [{ type: 'Error', message: 'one' }],
    });
    expect(JSON.stringify(last())).not.toContain('Anna');
  });
});

describe('a secret', () => {
  it.each([
    ...['authorization', 'Authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password', 'secret'],
    ...['signingSecret', 'signing_secret', 'token', 'leaseToken', 'apiKey', 'api_key', 'webhook-signature', 'email'],
    ...['emailAddress', 'phoneNumber', 'fullName', 'firstName', 'contact', 'guest', 'recipient', 'headers', 'body'],
  ])('named %s is hidden at any depth', (name) => {
    const { log, lines } = open();
    for (const value of ['s3cret', 53, ['s3cret'], { deep: 's3cret' }]) {
      log.info({ code: 'a.b', [name]: value });
      log.info({ code: 'a.b', list: [{ inner: { [name]: value } }] });
    }
    for (const line of lines) {
      expect(line).toContain('[hidden]');
      expect(line).not.toMatch(/s3cret|53\D?[}\]]/);
    }
  });

  it('may be named by whoever makes the log', () => {
    const { log, last } = open('info', ['voucher-code']);
    log.info({ code: 'a.b', voucherCode: 'ABC', voucher: 'shown' });
    expect(last()).toMatchObject({ code: 'a.b', voucherCode: '[hidden]', voucher: 'shown' });
  });

  it.each([
    ['mail to anna.lind+tours@example.co.uk bounced', 'mail to [hidden] bounced'],
    ['<Zoë@bücher.example>, "o\'neil@example.com"', '<[hidden]>, "o\'[hidden]"'],
    ['Key (email)=(anna@example.com) already exists', 'Key (email)=([hidden]) already exists'],
    ['GET https://anna:pa55@example.com/hook', 'GET https://[hidden]@example.com/hook'],
    ['authorization: Bearer abc.def-123', 'authorization: Bearer [hidden]'],
    ['Basic YW5uYTpwYTU1', 'Basic [hidden]'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw is wrong', '[hidden] is wrong'],
    [`key ck_${'aB3-_'.repeat(8)}xyz.`, 'key [hidden].'],
    ['import of @carillon/diff failed', 'import of @carillon/diff failed'],
    ['at 10:30, 3 tickets @ 20 EUR', 'at 10:30, 3 tickets @ 20 EUR'],
  ])('is hidden inside a text: %s', (text, shown) => {
    const { log, last } = open();
    log.error({ code: 'a.b', detail: text, list: [text], err: new Error(text) }, text);
    expect(last()).toMatchObject({ msg: shown, detail: shown, list: [shown], err: { message: shown } });
    expect(last().err.stack).toContain(shown);
  });
});

describe('whatever is logged', () => {
  it('makes one line of JSON and throws nothing', () => {
    const { log, lines } = open();
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true });
    fc.assert(
      fc.property(anything, fc.string({ unit: 'binary' }), (value, text) => {
        lines.length = 0;
        log.info({ code: 'a.b', value }, text);
        expect(lines).toHaveLength(1);
        expect(JSON.parse(lines[0] ?? '').code).toBe('a.b');
      }),
      { numRuns: runs(300) },
    );
  });

  it('is not written without end', () => {
    const { log, lines } = open();
    const circle: Record<string, unknown> = { text: 'x'.repeat(1_000_000) };
    for (const name of 'abcdefghij') circle[name] = circle;
    log.info({ code: 'a.b', circle });
    log.info({ code: 'a.b', bytes: new Uint8Array(1_000_000), list: new Array(1_000_000).fill('x') });
    const texts = new Array(100).fill('y'.repeat(8_000));
    log.info({ code: 'a.b', deep: new Array(100).fill({ texts }) });
    for (const line of lines) expect(line.length).toBeLessThan(50_000);
  });
});
