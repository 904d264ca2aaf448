import { type App, Tags, Validations } from 'aws-cdk-lib';
import { acknowledge } from './rules/acknowledged.ts';
import { awsSolutions } from './rules/aws-solutions.ts';
import { houseRules } from './rules/house.ts';
import { type StackRole, stackName } from './stack-names.ts';
import { Gpu } from './stacks/gpu.ts';
import { Operations } from './stacks/operations.ts';
import { Pipeline } from './stacks/pipeline.ts';
import { Serving } from './stacks/serving.ts';
import { Storage } from './stacks/storage.ts';
import type { Stage } from './stages.ts';

export interface Platform {
  readonly storage: Storage;
  /** Where the stage asks for one. */
  readonly gpu: Gpu | undefined;
  readonly serving: Serving;
  readonly pipeline: Pipeline;
  readonly operations: Operations;
}

/** The whole platform for one stage, and the rules that it must keep to be synthesized. */
export function platform(app: App, stage: Stage): Platform {
  const name = (role: StackRole) => stackName(stage.name, role);
  const env = stage.region === undefined ? {} : { env: { region: stage.region } };
  const common = { stage, ...env };
  const storage = new Storage(app, name('Storage'), { ...common, description: 'Modeldrop: inbox and registry' });
  const gpu =
    stage.gpu &&
    new Gpu(app, name('Gpu'), {
      ...common,
      storage,
      gpu: stage.gpu,
      description: 'Modeldrop: large models on GPUs',
    });
  const serving = new Serving(app, name('Serving'), { ...common, storage, description: 'Modeldrop: the API' });
  const pipeline = new Pipeline(app, name('Pipeline'), {
    ...common,
    storage,
    serving,
    description: 'Modeldrop: from a drop to a model in service',
  });
  const operations = new Operations(app, name('Operations'), {
    ...common,
    serving,
    pipeline,
    description: 'Modeldrop: alarms and the dashboard',
  });
  const stacks = { storage, gpu, serving, pipeline, operations };
  // Dashboards take tags in some regions only, scalable targets in none.
  const excludeResourceTypes = ['AWS::CloudWatch::Dashboard', 'AWS::ApplicationAutoScaling::ScalableTarget'];
  Tags.of(app).add('modeldrop:stage', stage.name, { excludeResourceTypes });
  acknowledge(stacks);
  Validations.of(app).addPlugins(awsSolutions(app), houseRules());
  return stacks;
}
