import { App } from 'aws-cdk-lib';
import { flags } from './flags.ts';
import { platform } from './platform.ts';
import { StageRefused, stageNamed } from './stages.ts';

const app = new App({ context: flags, autoSynth: false });
try {
  platform(app, await stageNamed(app.node.tryGetContext('stage') ?? 'dev'));
  app.synth();
} catch (error) {
  if (!(error instanceof StageRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
