import type { Writable } from 'node:stream';
import type { Findings } from '../../../models/learning/report/make-report.ts';
import type { TrainResult } from '../../../models/learning/train.ts';
import { oneLine, printJson, printLine, printTable } from '../output.ts';
import type { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

/** What is being done, and how long the rest of it may take. */
export function remaining(progress: Progress, now: () => number) {
  const startedAt = now();
  return (doing: string, done: number, total: number): void => {
    const left = done > 0 ? ((now() - startedAt) / done) * (total - done) : Number.NaN;
    const rest = Number.isNaN(left) || total < 2 ? '' : `, ${done} of ${total}, ${Math.ceil(left / 1_000)} s to go`;
    progress.say(`${doing}${rest}`);
  };
}

/** What a training came to, as far as it is told in words. */
export interface Told {
  /** Why this kind, where nobody stated it. */
  readonly why?: string | undefined;
  readonly rows: { readonly train: number; readonly test: number; readonly split: string };
  readonly findings: Findings;
  readonly thresholdFrom?: string | undefined;
}

/** Words for a person, and with `json` the result object on the last line. */
export function tell({ stdout, stderr }: Terminal, told: Told, result: TrainResult, json: boolean): void {
  const { why, rows, findings, thresholdFrom } = told;
  const out: Writable = json ? stderr : stdout;
  printLine(out, oneLine(`${result.kind}${why ? `, because ${why}` : ''}`));
  printLine(out, oneLine(`learned from ${rows.train} rows, evaluated on ${rows.test} others: ${rows.split}`));
  if (result.converged === false)
    printLine(out, `not converged: the gap is ${result.gap ?? 'unknown'}; see --max-iter`);
  const format = (value: number | null | undefined): string => (typeof value === 'number' ? value.toPrecision(4) : '-');
  const between = (ends: readonly number[] | undefined): string => (ends ? ends.map(format).join(' to ') : '');
  const lines = Object.keys(result.metrics).map((metric) => [
    metric,
    format(result.metrics[metric]),
    between(findings.intervals[metric]),
    format(result.trainMetrics[metric]),
    format(result.baselineMetrics[metric]),
  ]);
  printTable(out, ['metric', 'test', '95 % interval', 'training', 'guessing'], lines);
  for (const [metric, reason] of Object.entries(result.reasons)) printLine(out, oneLine(`no ${metric}: ${reason}`));
  printLine(out, oneLine(`the model ${findings.baseline.words}`));
  const { threshold, positive } = result;
  if (typeof threshold === 'number')
    printLine(out, oneLine(`says ${positive} from a probability of ${threshold.toPrecision(4)} (${thresholdFrom})`));
  for (const words of findings.warnings) printLine(out, oneLine(`look at this: ${words}`));
  for (const { words } of findings.leaks) printLine(out, oneLine(`look at this: ${words}`));
  printLine(out, String(result.artifact));
  if (json) printJson(stdout, result);
}
