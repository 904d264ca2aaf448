import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { Board } from '../constructs/board.ts';
import { endpointName } from '../endpoint-name.ts';
import type { Stage } from '../stages.ts';
import type { Pipeline } from './pipeline.ts';
import type { Serving } from './serving.ts';

export interface OperationsProps extends StackProps {
  readonly stage: Stage;
  readonly serving: Serving;
  readonly pipeline: Pipeline;
}

/** What an operator looks at. Nothing here is needed to serve. */
export class Operations extends Stack {
  constructor(scope: Construct, id: string, { stage, serving, pipeline, ...props }: OperationsProps) {
    super(scope, id, props);
    const watched = {
      api: serving.api.rest,
      functions: [
        serving.authorize,
        serving.predict,
        serving.catalog,
        serving.control,
        pipeline.deploy,
        pipeline.verify,
        pipeline.train,
        pipeline.jobs,
        pipeline.watch,
      ],
      drops: pipeline.queue,
      ...(stage.gpu && { endpoint: endpointName(stage.name) }),
    };
    new Alarms(this, 'Alarms', { watched, ...stage.alarms });
    new Board(this, 'Board', { watched });
  }
}
