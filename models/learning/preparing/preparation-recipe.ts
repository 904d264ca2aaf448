import type { Static } from 'typebox';
import * as Type from 'typebox';
import { checker } from '../../schema.ts';
import { TrainingRefused } from '../training-refused.ts';

const choice = <T extends string>(...values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: values });
const closed = { additionalProperties: false };

const NumberTreatment = Type.Object(
  {
    impute: Type.Union([
      choice('none', 'mean', 'median', 'most-frequent'),
      Type.Object({ constant: Type.Number() }, closed),
    ]),
    indicator: Type.Boolean(),
    scale: choice('none', 'standard', 'minmax', 'robust'),
  },
  closed,
);
export type NumberTreatment = Static<typeof NumberTreatment>;

const TextTreatment = Type.Object(
  {
    impute: Type.Union([choice('none', 'most-frequent'), Type.Object({ constant: Type.String() }, closed)]),
    indicator: Type.Boolean(),
    encode: choice('auto', 'one-hot', 'ordinal', 'tf-idf'),
    unknown: Type.Union([choice('zeros', 'refuse'), Type.Number({ description: 'Of an ordinal encoding.' })]),
    drop: choice('none', 'first'),
  },
  closed,
);
export type TextTreatment = Static<typeof TextTreatment>;

/** How to prepare numbers, texts, and single columns by name; what is left out is as in `auto`. */
export const PreparationRecipe = Type.Object(
  {
    numbers: Type.Optional(Type.Partial(NumberTreatment, closed)),
    texts: Type.Optional(Type.Partial(TextTreatment, closed)),
    columns: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([Type.Partial(NumberTreatment, closed), Type.Partial(TextTreatment, closed)]),
      ),
    ),
  },
  closed,
);
export type PreparationRecipe = Static<typeof PreparationRecipe>;

const auto: { readonly numbers: NumberTreatment; readonly texts: TextTreatment } = {
  numbers: { impute: 'median', indicator: false, scale: 'standard' },
  texts: { impute: 'most-frequent', indicator: false, encode: 'auto', unknown: 'zeros', drop: 'none' },
};

const named: Readonly<Record<string, PreparationRecipe>> = {
  auto: {},
  standard: { numbers: { impute: 'none', scale: 'standard' } },
  minmax: { numbers: { impute: 'none', scale: 'minmax' } },
  robust: { numbers: { impute: 'none', scale: 'robust' } },
  none: { numbers: { impute: 'none', scale: 'none' } },
};

const check = checker(PreparationRecipe);

/** A recipe by its name, or as a person wrote it. @throws TrainingRefused naming the place */
export function preparationRecipe(stated: unknown): PreparationRecipe {
  if (typeof stated === 'string' && Object.hasOwn(named, stated)) return named[stated] as PreparationRecipe;
  const verdict = check(stated, 'prepare');
  if (!verdict.ok) throw new TrainingRefused(verdict.breach);
  return verdict.value;
}

export const numberTreatment = ({ numbers, columns }: PreparationRecipe, name: string): NumberTreatment => ({
  ...auto.numbers,
  ...numbers,
  ...(own(columns, name) as Partial<NumberTreatment>),
});

export const textTreatment = ({ texts, columns }: PreparationRecipe, name: string): TextTreatment => ({
  ...auto.texts,
  ...texts,
  ...(own(columns, name) as Partial<TextTreatment>),
});

const own = (columns: PreparationRecipe['columns'], name: string): object | undefined =>
  columns && Object.hasOwn(columns, name) ? columns[name] : undefined;
