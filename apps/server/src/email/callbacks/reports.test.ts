import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { mailjetReports } from './mailjet-report.ts';
import { postmarkReports } from './postmark-report.ts';
import { fingerprintOf } from './report.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

test('no report, whatever it holds, makes the reader fail', () => {
  const known = ['Delivery', 'Bounce', 'Open', 'Click', 'SpamComplaint', 'SubscriptionChange'];
  const record = fc.record({
    RecordType: fc.constantFrom(...known),
    event: fc.constantFrom('sent', 'click', 'bounce'),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(record, fc.object())), (pairs) => {
      const bodies = pairs.map(([fixed, rest]) => ({ ...rest, ...fixed }));
      for (const body of bodies) postmarkReports(body, now, 'broadcast');
      mailjetReports(bodies, now);
    }),
    { numRuns: runs(200) },
  );
});

test('a report is the same in whatever order its members come, and another one with any other content', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (record, name) => {
      const turned = Object.fromEntries(Object.entries(record).toReversed());
      expect(fingerprintOf(turned)).toBe(fingerprintOf(record));
      expect(fingerprintOf({ ...record, [name]: 'something else' })).not.toBe(fingerprintOf({ ...record, [name]: 17 }));
    }),
    { numRuns: runs(200) },
  );
});

test('times that cannot be read are those of arrival, and links lose what may let somebody in', () => {
  const [one] = postmarkReports(
    { RecordType: 'Click', ReceivedAt: 'soon', OriginalLink: 'https://u:p@h.example/a?k=1#b' },
    now,
    'b',
  );
  expect(one).toMatchObject({ happenedAt: now, detail: 'https://h.example/a' });
  expect(mailjetReports({ event: 'click', url: 'nowhere', time: 17 }, now)).toMatchObject([
    { happenedAt: 17_000, detail: null },
  ]);
});
