import { setImmediate as endOfTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { turns } from '../../../../infra/local/gateway/turn.ts';

test('a turn counts the requests that came at once, and how long the last of them has waited', async () => {
  let now = 100;
  const take = turns(() => now);
  expect(take()).toEqual({ requests: 1, ms: 0 });
  now += 7;
  expect(take()).toEqual({ requests: 2, ms: 7 });
  await endOfTurn();
  now += 50;
  expect(take()).toEqual({ requests: 1, ms: 0 });
});
