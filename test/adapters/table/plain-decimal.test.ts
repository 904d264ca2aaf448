import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainDecimal } from '../../../adapters/table/plain-decimal.ts';

const read = (text: string): number => plainDecimal(Buffer.from(`<${text}>`), 1, text.length + 1);

it('reads digits, with a point or none, to the very double that Number reads', () =>
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
      fc.integer({ min: 0, max: 14 }),
      fc.boolean(),
      (whole, point, minus) => {
        const digits = whole.toString().padStart(point + 1, '0');
        const at = digits.length - point;
        const text = `${minus ? '-' : ''}${point === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`}`;
        expect(read(text)).toBe(Number(text));
      },
    ),
    { numRuns: 5_000 },
  ));

it.each([
  '',
  '-',
  '.',
  '.5',
  '5.',
  '+1',
  '1e3',
  '1,2',
  '0x1F',
  ' 1',
  'NaN',
  '1.2.3',
  '--1',
  '1234567890123456',
  '12-3',
])('leaves %j to be read as text', (text) => expect(read(text)).toBeNaN());
