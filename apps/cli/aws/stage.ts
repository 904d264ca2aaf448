import { resolve } from 'node:path';
import { type Stage, StageRefused, stageNamed } from '../../../infra/aws/stages.ts';
import { Misuse } from '../failures.ts';

/** A stage, and how it is named on a command line whatever folder that runs in. */
export interface NamedStage {
  readonly stage: Stage;
  readonly named: string;
}

/** The stage that a person names: dev, prod, or a file. @throws Misuse that says the place and the rule */
export async function stageFor(name: string): Promise<NamedStage> {
  try {
    return { stage: await stageNamed(name), named: /\.(json|ts)$/.test(name) ? resolve(name) : name };
  } catch (error) {
    throw error instanceof StageRefused ? new Misuse(error.message, { cause: error }) : error;
  }
}
