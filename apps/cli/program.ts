import { Command } from 'commander';
import about from '../../package.json' with { type: 'json' };
import { addDelete } from './commands/delete.ts';
import { addDeploy } from './commands/deploy.ts';
import { addDestroy } from './commands/destroy.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrops } from './commands/drops.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addKeys } from './commands/keys.ts';
import { addModels } from './commands/models.ts';
import { addPlan } from './commands/plan.ts';
import { addPredict } from './commands/predict.ts';
import { addPush } from './commands/push.ts';
import { addRelease } from './commands/release.ts';
import { addRollback } from './commands/rollback.ts';
import { addStart } from './commands/start.ts';
import { addTrain } from './commands/train.ts';
import { addVersions } from './commands/versions.ts';
import { teach } from './help.ts';
import type { Terminal } from './terminal.ts';

const commands = [
  addStart,
  addTrain,
  addEvaluate,
  addPush,
  addDrops,
  addModels,
  addVersions,
  addPredict,
  addExplain,
  addExport,
  addPlan,
  addDiff,
  addRelease,
  addRollback,
  addDelete,
  addKeys,
  addDoctor,
  addDeploy,
  addDestroy,
];

/** The `modeldrop` command. It throws instead of ending the process, and leaves the wording of errors to its caller. */
export function programFor(terminal: Terminal): Command {
  const program = new Command('modeldrop')
    .description('Drop a model in a bucket, get an API.')
    .version(about.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: () => {},
    });
  teach(
    program,
    'modeldrop start                                  # the platform, on this machine',
    'modeldrop train house.csv --target price         # from a table to an endpoint',
    'modeldrop push model.json --name wine            # from a file to an endpoint',
    'modeldrop predict wine --input rows.csv          # one prediction a line',
    'modeldrop release wine 2 --canary 10             # version 2 for 10 % of the requests',
  );
  for (const add of commands) add(program, terminal);
  return program;
}
