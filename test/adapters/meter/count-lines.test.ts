import { describe, expect, test } from 'vitest';
import { countLines } from '../../../adapters/meter/count-lines.ts';
import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { noShadow } from '../../../models/watch/counts.ts';

describe('what a sandbox has counted', () => {
  test('is a line a version, at the first request after a minute and before the sandbox ends', () => {
    let now = 0;
    const [written, counter] = [[] as string[], memoryCounter()];
    const lines = countLines(counter, { write: (line) => written.push(line), now: () => now });
    const count = (version: number) => counter.shadow({ model: 'm', version, shadow: { ...noShadow('s'), sent: 1 } });
    count(1);
    count(1);
    count(2);
    now = 59_999;
    lines.begin();
    expect(written).toEqual([]);
    now = 60_000;
    lines.begin();
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { modeldrop: 'counts', model: 'm', version: 1, shadow: { sent: 2 } },
      { modeldrop: 'counts', model: 'm', version: 2, shadow: { sent: 1 } },
    ]);
    for (const line of written) expect(line).toMatch(/^[^\n]+\n$/);
    lines.flush();
    expect(written).toHaveLength(2);
    count(3);
    lines.flush();
    expect(written).toHaveLength(3);
  });
});
