import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused, UnfitInput } from '../errors.ts';
import { distinct } from '../formats/distinct.ts';
import type { ColumnPlan, Header, Values } from './column-plan.ts';
import { positionsOf, requireOneEach } from './step-columns.ts';

const columns = Type.Array(Type.String(), { minItems: 1 });
const categories = Type.Array(Type.Array(Type.String(), { minItems: 1 }), { description: 'By column, in order.' });

/** One column a category, 1 where it is the row's. `drop: first` leaves the first out, as the level that others are held against. */
export const OneHot = Type.Object(
  {
    step: Type.Literal('one-hot'),
    columns,
    categories,
    unknown: Type.Unsafe<'zeros' | 'refuse'>({ type: 'string', enum: ['zeros', 'refuse'] }),
    drop: Type.Optional(Type.Literal('first')),
  },
  { additionalProperties: false },
);
export type OneHot = Static<typeof OneHot>;

/** The position of the row's category, from 0. An unknown one is refused, or the number that is stated. */
export const Ordinal = Type.Object(
  { step: Type.Literal('ordinal'), columns, categories, unknown: Type.Union([Type.Literal('refuse'), Type.Number()]) },
  { additionalProperties: false },
);
export type Ordinal = Static<typeof Ordinal>;

interface Encoder {
  readonly header: Header;
  readonly position: number;
  readonly codes: ReadonlyMap<string, number>;
}

/** @throws ModelFileRefused where the step does not fit its columns */
export function planEncode(step: OneHot | Ordinal, headers: readonly Header[], where: string): ColumnPlan {
  const encoders = encodersOf(step, headers, where);
  const kept = [...headers.keys()].filter((position) => !encoders.some((encoder) => encoder.position === position));
  const isOneHot = step.step === 'one-hot';
  const encode = (columns: readonly Values[], count: number) =>
    encoders.flatMap((encoder) => {
      const codes = codesOf(encoder, columns[encoder.position] as Values, count, step.unknown === 'refuse');
      if (isOneHot) return spread(codes, encoder.codes.size, step.drop === 'first' ? 1 : 0);
      return [codes.map((code) => (code === -1 ? (step.unknown as number) : code))];
    });
  return {
    headers: [
      ...kept.map((position) => headers[position] as Header),
      ...encoders.flatMap((encoder) => namesOf(encoder, step)),
    ],
    apply: (columns, count) => [...kept.map((position) => columns[position] as Values), ...encode(columns, count)],
  };
}

function encodersOf({ columns, categories }: OneHot | Ordinal, headers: readonly Header[], where: string): Encoder[] {
  const positions = positionsOf(headers, columns, 'text', where);
  requireOneEach(where, 'categories', categories, positions.length);
  return positions.map((position, k) => {
    const names = distinct(categories[k] as readonly string[], `${where}.categories[${k}]`);
    return { header: headers[position] as Header, position, codes: new Map(names.map((name, code) => [name, code])) };
  });
}

function namesOf({ header, codes }: Encoder, step: OneHot | Ordinal): Header[] {
  const { name, origin } = header;
  if (step.step === 'ordinal') return [{ name, type: 'number', origin }];
  const levels = [...codes.keys()].slice(step.drop === 'first' ? 1 : 0);
  if (levels.length === 0 && codes.size === 0)
    throw new ModelFileRefused({ where: name, rule: 'must have a category' });
  return levels.map((level) => ({ name: `${name}=${level}`, type: 'number', origin }));
}

/** The code of each row's category; -1 for one that was not there in training. @throws UnfitInput */
function codesOf({ header, codes }: Encoder, values: Values, count: number, refuses: boolean): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    const value = values[row] as string;
    const code = codes.get(value);
    if (code === undefined && refuses) {
      const where = `row ${row}, feature ${JSON.stringify(header.name)}`;
      throw new UnfitInput({ where, rule: `must be one of ${codes.size} categories`, found: value });
    }
    return code ?? -1;
  });
}

function spread(codes: Float64Array, levels: number, from: number): Float64Array[] {
  const spreaded = Array.from({ length: levels - from }, () => new Float64Array(codes.length));
  for (let row = 0; row < codes.length; row++) {
    const level = spreaded[(codes[row] as number) - from];
    if (level !== undefined) level[row] = 1;
  }
  return spreaded;
}
