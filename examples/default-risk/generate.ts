/**
 * Simulates loans.csv: node examples/default-risk/generate.ts > examples/default-risk/loans.csv
 * Every loan defaults with the probability that `truth` says, so that a model can be held against it.
 */
import { type Random, seededRandom } from '../../models/learning/random.ts';

export const ROWS = 4_000;
const SEED = 20_260_101;

/** Log-odds of a default: a base, so much for each unit of a number, so much for a category. `branch` tells nothing. */
export const truth = {
  base: -2.1,
  numbers: { age: -0.01, income: -0.03, amount: 0.05, debt_ratio: 2.5, late_payments: 0.5 },
  categories: {
    employment: { salaried: 0, 'self-employed': 0.6, student: 0.9, retired: -0.5 },
    housing: { rents: 0, owns: -0.8, 'with family': -0.3 },
    branch: { Oslo: 0, 'Ås, east': 0, Tromsø: 0 },
  },
} as const;

/** How often a category comes. */
const shares = {
  employment: { salaried: 0.6, 'self-employed': 0.16, student: 0.1, retired: 0.14 },
  housing: { rents: 0.5, owns: 0.35, 'with family': 0.15 },
  branch: { Oslo: 0.5, 'Ås, east': 0.3, Tromsø: 0.2 },
} as const satisfies { [K in keyof typeof truth.categories]: Record<keyof (typeof truth.categories)[K], number> };

/** How often a value is lost, whatever it or anything else is. */
const gaps: Readonly<Record<string, number>> = { income: 0.08, employment: 0.05, debt_ratio: 0.03 };

export interface Loan {
  /** In thousands: income and amount. Before anything is lost. */
  readonly values: Readonly<Record<string, number | string>>;
  readonly probability: number;
  readonly defaulted: boolean;
  /** Columns whose value is not in the table. */
  readonly lost: readonly string[];
}

export function simulate(): readonly Loan[] {
  const random = seededRandom(SEED);
  return Array.from({ length: ROWS }, () => simulateLoan(random));
}

function simulateLoan(random: Random): Loan {
  const numbers = {
    age: Math.round(Math.min(80, Math.max(19, 43 + 13 * normal(random)))),
    income: rounded(34 * Math.exp(0.35 * normal(random)), 1),
    amount: rounded(2 + 28 * random.next() ** 1.5, 1),
    debt_ratio: rounded(0.9 * random.next() ** 1.4, 3),
    late_payments: Math.floor(-Math.log(1 - random.next()) * 0.9),
  };
  const categories = {
    employment: drawn(shares.employment, random),
    housing: drawn(shares.housing, random),
    branch: drawn(shares.branch, random),
  };
  const logOdds =
    truth.base +
    sum(truth.numbers, (name, weight) => weight * (numbers[name as keyof typeof numbers] as number)) +
    sum(
      truth.categories,
      (name, effects) => (effects as Record<string, number>)[categories[name as keyof typeof categories]] as number,
    );
  const probability = 1 / (1 + Math.exp(-logOdds));
  const defaulted = random.next() < probability;
  const lost = Object.keys(gaps).filter((name) => random.next() < (gaps[name] as number));
  return { values: { ...numbers, ...categories }, probability, defaulted, lost };
}

/** Box and Muller, 1958. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function drawn<T extends string>(shares: Readonly<Record<T, number>>, random: Random): T {
  const at = random.next();
  let upTo = 0;
  for (const name of Object.keys(shares) as T[]) {
    upTo += shares[name];
    if (at < upTo) return name;
  }
  return Object.keys(shares).at(-1) as T;
}

const sum = <V>(parts: Readonly<Record<string, V>>, term: (name: string, part: V) => number): number =>
  Object.entries(parts).reduce((total, [name, part]) => total + term(name, part), 0);

const DAYS = 730;
const FIRST_DAY = Date.UTC(2024, 0, 1);

/** The loans as CSV, oldest first. */
export function loansCsv(loans: readonly Loan[]): string {
  const names = Object.keys(loans[0]?.values ?? {});
  const lines = loans.map(({ values, lost, defaulted }, i) => {
    const day = new Date(FIRST_DAY + Math.floor((i * DAYS) / loans.length) * 86_400_000).toISOString().slice(0, 10);
    const cells = names.map((name) => (lost.includes(name) ? '' : quoted(String(values[name]))));
    return [day, ...cells, defaulted ? 'yes' : 'no'].join(',');
  });
  return [['applied', ...names, 'default'].join(','), ...lines, ''].join('\n');
}

const quoted = (cell: string): string => (cell.includes(',') ? `"${cell}"` : cell);

if (import.meta.main) process.stdout.write(loansCsv(simulate()));
