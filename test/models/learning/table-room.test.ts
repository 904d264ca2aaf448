import { expect, it } from 'vitest';
import { checkTableRoom } from '../../../models/learning/table-room.ts';

it('takes a table that fits, and refuses a larger one by its size', () => {
  expect(() => checkTableRoom({ name: 't.csv', size: 100 }, 3_000)).not.toThrow();
  expect(() => checkTableRoom({ name: 't.csv', size: 101 }, 3_000)).toThrow(
    't.csv must take at most 100 bytes to be learned from within the memory that is free here',
  );
});
