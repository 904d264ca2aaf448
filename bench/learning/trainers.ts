import { spawnSync } from 'node:child_process';
import { argumentsOf, type Fitted, type Task } from './machines/machine.ts';
import { python } from './python.ts';

/** One that trains machines, by a program of this folder's machines/. */
export interface Trainer {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** More rows would not fit, or would be waited for in vain; where this is set, other samples are none for it either. */
  readonly mostGrowth?: number;
}

const node = [process.execPath, '--max-old-space-size=8000', '--no-warnings'] as const;
const path = (file: string): string => new URL(`machines/${file}`, import.meta.url).pathname;

export const ours: Trainer = {
  name: 'modeldrop',
  command: [process.execPath, '--no-warnings', path('modeldrop.ts')],
};

export const peers: readonly Trainer[] = [
  { name: 'scikit-learn', command: [python, '-B', path('scikit_learn.py')] },
  { name: 'svm-train', command: [...node, path('svm-train.ts')] },
  { name: 'libsvm-js', command: [...node, path('libsvm-js.ts')] },
  { name: 'ml-svm', command: [...node, path('ml-svm.ts')], mostGrowth: 2_000 },
];

/** Nothing where the trainer is not there, fails or takes more than `seconds`. */
export function train({ command }: Trainer, task: Task, seconds: number): Fitted | undefined {
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, [...args, ...argumentsOf(task)], {
    timeout: 1_000 * seconds,
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout) as Fitted;
  console.warn(`${command.at(-1)} on ${task.name}: ${stderr?.trim().split('\n').at(-1) || `not within ${seconds} s`}`);
  return undefined;
}
