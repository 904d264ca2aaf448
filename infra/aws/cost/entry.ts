import { App } from 'aws-cdk-lib';
import { flags } from '../flags.ts';
import { platform } from '../platform.ts';
import { StageRefused, stageNamed } from '../stages.ts';
import { costTable, idleCost } from './idle-cost.ts';
import { usEast1 } from './prices.ts';

/** Prints what a stage costs idle: `node infra/aws/cost/entry.ts [dev | prod | <file>]`. */
const [name = 'dev'] = process.argv.slice(2);
try {
  const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] }, autoSynth: false });
  platform(app, await stageNamed(name));
  const templates = app.synth().stacks.map((stack) => stack.template);
  console.log(costTable(idleCost(templates, usEast1), usEast1));
} catch (error) {
  if (!(error instanceof StageRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
