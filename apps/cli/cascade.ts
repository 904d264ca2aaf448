import { InvalidArgumentError } from 'commander';
import { type CascadePlan, type CascadeStep, planCascade } from '../../models/cascade/plan-cascade.ts';
import { isNetworkKind, type NetworkKind } from '../../models/learning/network/network-kinds.ts';
import { DEFAULT_SEED } from '../../models/learning/problem.ts';
import { TRAINED_KINDS, type TrainedKind } from '../../models/learning/recipe.ts';
import { type Demand, planServing, type Work } from '../../models/plan/plan.ts';
import { usEast1 } from '../../models/plan/prices.ts';
import { typicalRates } from '../../models/plan/rates.ts';
import { Failure } from './failures.ts';
import { printJson, printLine, printTable } from './output.ts';
import { progressOn } from './progress.ts';
import { tableFile } from './table-file.ts';
import type { Terminal } from './terminal.ts';
import type { Sureness } from './training/cascade-fit.ts';
import { writeWhole } from './write-whole.ts';

export interface CascadeOptions {
  readonly cascade: Pair;
  readonly target?: string;
  /** Share of the rows kept that may be worse. */
  readonly harm: number;
  /** The file to write a cascade to. */
  readonly out?: string;
  readonly json?: boolean;
}

export interface Pair {
  readonly small: TrainedKind;
  readonly large: NetworkKind;
}

/** `logistic,cnn`. */
export function pair(stated: string): Pair {
  const [small, large, ...more] = stated.split(',');
  const isSmall = (kind: string | undefined): kind is TrainedKind => TRAINED_KINDS.includes(kind as TrainedKind);
  if (isSmall(small) && isNetworkKind(large) && more.length === 0) return { small, large };
  throw new InvalidArgumentError('It must be a small kind and a large one, such as logistic,cnn');
}

/** Steps shown: by the share of rows that the small model answers. */
const SHOWN = [0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1];

/** How sure a small model has to be for a large one not to be asked, out of fold over a whole table. */
export async function planCascadeOn(
  terminal: Terminal,
  path: string,
  { cascade, target, harm, out, json = false }: CascadeOptions,
  { demand, workOf }: { readonly demand: Demand; readonly workOf: (onnx: Uint8Array) => Work },
): Promise<void> {
  const [{ readTable }, { cascadeRows }, { fitCascade }, { findPython }, { remaining }] = await Promise.all([
    import('../../adapters/table/read-table.ts'),
    import('./training/cascade-rows.ts'),
    import('./training/cascade-fit.ts'),
    import('../../adapters/torch/find-python.ts'),
    import('./training/words.ts'),
  ]);
  const python = await findPython(terminal.env);
  const progress = progressOn(terminal);
  try {
    const table = await readTable(await tableFile(path), {});
    const recipe = { ...cascade, target, seed: DEFAULT_SEED };
    const onProgress = remaining(progress, () => performance.now());
    const ports = { python, signal: terminal.interruption(), onProgress };
    const { rows, onnx } = await cascadeRows(table, recipe, ports);
    const plan = planCascade(rows, harm);
    const work = workOf(onnx);
    const bill = (step: CascadeStep): number => billOf(work, demand, 1 - step.kept.count / step.kept.of);
    if (out !== undefined) await writeWhole(out, await fitCascade(table, recipe, sureness(plan, cascade, harm), ports));
    progress.end();
    if (json) {
      const withBill = (step: CascadeStep) => ({ ...step, usd: bill(step) });
      const { steps, chosen, ...rest } = plan;
      return printJson(terminal.stdout, { ...rest, steps: steps.map(withBill), chosen: chosen && withBill(chosen) });
    }
    tell(terminal, plan, { cascade, harm, bill });
    if (out !== undefined)
      printLine(terminal.stdout, `Both, learned from all rows, are in ${out}: modeldrop push <model> ${out}`);
  } finally {
    progress.end();
  }
}

/** @throws Failure where there is no confidence from which on few enough rows are kept that would be better asked */
function sureness({ chosen, temperature }: CascadePlan, pair: Pair, harm: number): Sureness {
  if (chosen) return { threshold: chosen.threshold, temperature };
  throw new Failure(noConfidence(pair, harm));
}

const noConfidence = ({ large }: Pair, harm: number): string =>
  `At no confidence are at most ${percent(harm)} of the rows kept worse for not asking ${large}.`;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A month of the large model, at the cheapest place that will do, for the rows that it is asked. */
function billOf(work: Work, demand: Demand, asked: number): number {
  if (asked === 0) return 0;
  const rate = { ...demand, requestsPerSecond: asked * demand.requestsPerSecond };
  return planServing(work, rate, usEast1, typicalRates).chosen?.usd ?? Number.NaN;
}

interface Telling {
  readonly cascade: Pair;
  readonly harm: number;
  readonly bill: (step: CascadeStep) => number;
}

function tell({ stdout }: Terminal, plan: CascadePlan, { cascade, harm, bill }: Telling): void {
  const { accuracy, steps, chosen, temperature } = plan;
  const { of } = (steps[0] as CascadeStep).kept;
  printLine(
    stdout,
    `${of} rows, each answered out of fold: ${cascade.small} ${percent(accuracy.small)} right, ${cascade.large} ${percent(accuracy.large)}`,
  );
  const line = (step: CascadeStep): string[] => [
    percent(step.kept.count / of),
    step.threshold.toFixed(4),
    percent(step.accuracy),
    `${step.harmed.count} of ${step.harmed.of}`,
    percent(step.harmedAtMost),
    bill(step).toFixed(2),
    step === chosen ? '<- the most that will do' : '',
  ];
  const shown = SHOWN.map((at) => steps.find(({ kept }) => kept.count >= at * of) as CascadeStep);
  const lines = [...new Set(chosen ? [...shown, chosen] : shown)].sort((a, b) => a.kept.count - b.kept.count);
  const head = [
    'answered by the small',
    'from confidence',
    'right in all',
    'large alone right',
    '95 % bound',
    'USD a month',
    '',
  ];
  printTable(stdout, head, lines.map(line));
  printLine(
    stdout,
    chosen
      ? `Ask ${cascade.large} below a confidence of ${chosen.threshold.toFixed(4)} at temperature ${temperature.toFixed(3)}: of the rows kept, at most ${percent(harm)} would have been better asked.`
      : noConfidence(cascade, harm),
  );
}
