import type { Explanation } from '../../models/explanation.ts';
import { oneLine } from './output.ts';

const SHOWN = 10;
const [NARROWEST, WIDEST] = [10, 40];
const MARGIN = 34;

/**
 * An explanation as bars, the largest contribution first. What speaks for the answer is solid and has a plus, what speaks
 * against it is hollow and has a minus: nothing rests on colour.
 * @param columns of the terminal
 */
export function bars({ base, value, scale, contributions }: Explanation, columns: number): string[] {
  const sorted = [...contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const lines = sorted.slice(0, SHOWN).map(({ feature, value: found, contribution }) => ({
    name: oneLine(feature),
    found: found === null ? 'missing' : oneLine(String(found)),
    contribution,
  }));
  const rest = sorted.slice(SHOWN);
  if (rest.length > 0) {
    const contribution = rest.reduce((sum, each) => sum + each.contribution, 0);
    lines.push({ name: `${rest.length} others`, found: '', contribution });
  }
  const [names, founds] = [widest(lines.map(({ name }) => name)), widest(lines.map(({ found }) => found))];
  const room = Math.max(NARROWEST, Math.min(WIDEST, columns - MARGIN - Math.min(names, 24)));
  const largest = Math.max(...lines.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE);
  return [
    ...lines.map(({ name, found, contribution }) => {
      const length = Math.round((room * Math.abs(contribution)) / largest);
      const bar = (contribution < 0 ? '░' : '█').repeat(length);
      return `  ${name.padEnd(names)}  ${found.padStart(founds)}  ${signed(contribution).padStart(10)} ${bar}`.trimEnd();
    }),
    `  ${scale} ${shortly(value)} = ${shortly(base)} without knowing the row ${signed(value - base)} by its features`,
  ];
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
const shortly = (value: number): string => Number(value.toPrecision(4)).toString();
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${shortly(Math.abs(value))}`;
