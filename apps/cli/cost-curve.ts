import type { Option, Plan } from '../../models/plan/plan.ts';

const SECONDS = 730 * 3_600;
const WIDTH = 30;

/**
 * The bills of the cheapest function and the cheapest endpoint over requests a second, from a hundredth of what was asked
 * to a hundredfold: bars are logarithmic, as bills are far apart.
 */
export function costCurve({ options }: Plan, requestsPerSecond: number): string[] {
  const [lambda, endpoint] = ['lambda', 'endpoint'].map((placement) => cheapest(options, placement));
  if (lambda === undefined || endpoint === undefined) return [];
  const rates = [0.01, 0.1, 1, 10, 100].map((factor) => Number((factor * requestsPerSecond).toPrecision(2)));
  const bills = rates.map((rate) => [lambda, endpoint].map((option) => billAt(option, rate)));
  const [least, most] = [Math.min(...bills.flat()), Math.max(...bills.flat())].map(Math.log) as [number, number];
  const bar = (usd: number): string =>
    '█'.repeat(1 + Math.round((WIDTH * (Math.log(usd) - least)) / (most - least || 1)));
  const widest = Math.max(...rates.map((rate) => String(rate).length));
  return rates.flatMap((rate, i) =>
    [lambda, endpoint].map((option, k) => {
      const usd = bills[i]?.[k] as number;
      const head = k === 0 ? `${String(rate).padStart(widest)}/s` : ' '.repeat(widest + 2);
      return `  ${head}  ${option.placement.padEnd(8)} ${bar(usd)} ${usd.toFixed(2)}`;
    }),
  );
}

const cheapest = (options: readonly Option[], placement: string): Option | undefined =>
  options.filter((option) => option.placement === placement).sort((a, b) => a.usd - b.usd)[0];

/** The same machines, called more or less often. */
const billAt = ({ fixed, perRequest }: Option, rate: number): number => fixed + perRequest * rate * SECONDS;
