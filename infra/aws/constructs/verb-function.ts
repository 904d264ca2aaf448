import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type FunctionProps,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environments, type LambdaName, optional } from '../../../functions/http/environment.ts';
import software from '../../../package.json' with { type: 'json' };
import type { Stage } from '../stages.ts';
import { codeOf } from './bundle.ts';

export interface VerbFunctionProps extends Partial<FunctionProps> {
  readonly verb: LambdaName;
  readonly stage: Stage;
}

/** The tag by which bills, rules and tests tell the functions apart. */
export const VERB_TAG = 'modeldrop:function';

/**
 * One verb as a Lambda function: its own role, which at first may do nothing but write its own log, and an environment
 * that must be told exactly the variables that its entry reads.
 */
export class VerbFunction extends Construct {
  readonly verb: LambdaName;
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly log: LogGroup;
  private readonly told = new Set<string>();

  constructor(scope: Construct, id: string, { verb, stage, ...overrides }: VerbFunctionProps) {
    super(scope, id);
    this.verb = verb;
    this.log = new LogGroup(this, 'Log', {
      retention: stage.logRetentionDays as RetentionDays,
      removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.log.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `Modeldrop ${stage.name}: ${verb}`,
      code: codeOf(verb),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: stage.memory[verb],
      timeout: Duration.seconds(15),
      logGroup: this.log,
      // Under the JSON format metrics in the log would be wrapped, and vanish.
      loggingFormat: LoggingFormat.TEXT,
      role: this.role,
      ...overrides,
    });
    Tags.of(this).add(VERB_TAG, verb);
    this.tell('MODELDROP_RELEASE', software.version);
    this.node.addValidation({ validate: () => this.untold() });
  }

  /** Sets a variable of its environment. */
  tell(variable: string, value: string): void {
    this.told.add(variable);
    this.lambda.addEnvironment(variable, value);
  }

  /** Allows its role something. */
  may(...statements: readonly PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
  }

  private untold(): string[] {
    const read = new Set(environments[this.verb] as readonly string[]);
    const taken = read.union(new Set(optional[this.verb]));
    return [
      ...[...read.difference(this.told)].map((variable) => `${this.verb} reads ${variable}, which nobody sets`),
      ...[...this.told.difference(taken)].map((variable) => `${this.verb} is told ${variable}, which it does not read`),
    ];
  }
}
