import { progressOn } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Cloud } from './cloud.ts';

/** Makes the templates and bundles of a stage, which takes some seconds. */
export async function synthesize(terminal: Terminal, { cdk }: Cloud): Promise<void> {
  const progress = progressOn(terminal);
  progress.say('bundling the functions and making the templates');
  await cdk.synthesize().finally(progress.end);
}
