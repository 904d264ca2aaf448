import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../models/channel.ts';
import { type Counts, inputsIn, noCounts, noShadow, whileServing, withLine } from '../../../models/watch/counts.ts';
import { countDuration, durationQuantile, longerThan } from '../../../models/watch/durations.ts';
import { shadowReport } from '../../../models/watch/shadow-report.ts';

const line = (count: number, version = 1) => ({ model: 'm', version, inputs: { rows: count, bins: [[count, 0]] } });

describe('what is kept of counts', () => {
  test('adds up by day, and holds a week', () => {
    let counts: Counts = noCounts('m');
    for (let day = 10; day < 22; day++) {
      counts = withLine(withLine(counts, line(1), `2026-11-${day}`), line(2), `2026-11-${day}`);
    }
    const days = counts.versions[1]?.days ?? {};
    expect(Object.keys(days)).toEqual(['15', '16', '17', '18', '19', '20', '21'].map((day) => `2026-11-${day}`));
    expect(inputsIn({ days })).toEqual({ rows: 21, bins: [[21, 0]] });
  });

  test('begins anew where the bins are others', () => {
    const counts = withLine(noCounts('m'), line(5), '2026-11-01');
    const other = { model: 'm', version: 1, inputs: { rows: 1, bins: [[0, 0, 1]] } };
    expect(withLine(counts, other, '2026-11-01').versions[1]?.days['2026-11-01']).toEqual(other.inputs);
  });

  test('is of versions in service only', () => {
    const channel = { stable: 2, shadow: { version: 3, since: '' } } as Channel;
    const counts = [1, 2, 3].reduce((sum, version) => withLine(sum, line(1, version), '2026-11-01'), noCounts('m'));
    expect(Object.keys(whileServing(counts, channel).versions)).toEqual(['2', '3']);
  });

  test('is of the present shadow only, however late another one is told of', () => {
    const shadowed = (since: string, sent: number) => ({
      model: 'm',
      version: 3,
      shadow: { ...noShadow(since), sent },
    });
    const counts = [shadowed('b', 1), shadowed('a', 5), shadowed('b', 2)].reduce<Counts>(
      (sum, each) => withLine(sum, each, '2026-11-01'),
      noCounts('m'),
    );
    expect(counts.versions[3]?.shadow).toMatchObject({ since: 'b', sent: 3 });
  });
});

describe('durations', () => {
  test('are told within two per cent, however many there are', () => {
    const durations = {};
    for (let i = 1; i <= 1_000; i++) countDuration(durations, i / 10);
    for (const share of [0.5, 0.9, 0.99]) {
      const expected = 100 * share;
      expect(Math.abs(durationQuantile(durations, share) / expected - 1)).toBeLessThan(0.02);
    }
    expect(Math.abs(longerThan(durations, 90) - 100)).toBeLessThanOrEqual(20);
    expect(durationQuantile({}, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });
});

test('a shadow is told by what it agreed in, and by what was not heard of', () => {
  const durations: Record<string, number> = {};
  countDuration(durations, 2);
  const counts = { ...noShadow('s'), sent: 10, skipped: 1, calls: 8, failed: 2, rows: 40, agreed: 30 };
  expect(shadowReport({ ...counts, shadow: durations, serving: durations })).toMatchObject({
    sent: 10,
    skipped: 1,
    failed: 2,
    lost: 2,
    agreement: 0.75,
    times: { shadow: { p50: expect.closeTo(2, 1) } },
  });
  expect(shadowReport(noShadow('s'))).toMatchObject({ agreement: null });
});
