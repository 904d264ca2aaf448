import { printJson, printLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import type { AdminKey } from './admin-key.ts';
import type { Deployment } from './deployment.ts';
import type { Proof } from './smoke.ts';

/** Where everything is, and the first key where this deployment made it. What one may want to keep is on stdout. */
export function tellDeployment({ stdout, stderr }: Terminal, { url, inbox }: Deployment, created?: AdminKey): void {
  printLine(stdout, `url    ${url}`);
  printLine(stdout, `inbox  s3://${inbox}/inbox/<model>/`);
  if (created === undefined) return;
  printLine(stdout, `key    ${created.key}`);
  printLine(stderr, `This is the secret of admin key ${created.id}. It is shown once and stored nowhere: keep it.`);
}

/** What the platform answered, and what to do next. */
export function tellProof({ stderr }: Terminal, { url, inbox }: Deployment, proof: Proof): void {
  printLine(stderr, inWords(proof));
  printLine(stderr, 'To push a model:');
  printLine(stderr, `  MODELDROP_URL=${url} MODELDROP_KEY=<key> npx modeldrop push model.json --name wine`);
  printLine(stderr, `  or: aws s3 cp model.json s3://${inbox}/inbox/wine/`);
}

export interface Outcome {
  readonly deployment: Deployment;
  readonly created: AdminKey | undefined;
  readonly proof: Proof | Error;
}

/** All of it as one document. */
export const printDeployment = ({ stdout }: Terminal, { deployment, created, proof }: Outcome): void =>
  printJson(stdout, {
    ...deployment,
    ...(created && { key: created.key }),
    ...(!(proof instanceof Error) && { proof }),
  });

function inWords({ models, prediction }: Proof): string {
  if (models === undefined) return 'It answers. To have it asked with a key too, set MODELDROP_KEY and deploy again.';
  const predicted = prediction === undefined ? '' : `, and linear-regression predicts ${prediction} for x = 0.5`;
  return `It answers, with ${models.length} model${models.length === 1 ? '' : 's'}${predicted}.`;
}
