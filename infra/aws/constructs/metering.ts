import { Aws, Fn, Stack } from 'aws-cdk-lib';
import { ApiKey, type IRestApi, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { VerbFunction } from './verb-function.ts';

export interface MeteringProps {
  readonly tenants: Stage['tenants'];
}

/** Each tenant's usage plan, and the key by which the authorizer names the plan. Callers never see these keys. */
export class Metering extends Construct {
  private readonly meterKeys: Readonly<Record<string, string>>;
  private readonly tenants: Stage['tenants'];

  constructor(scope: Construct, id: string, { tenants }: MeteringProps) {
    super(scope, id);
    this.tenants = tenants;
    this.meterKeys = Object.fromEntries(Object.keys(tenants).map((tenant) => [tenant, meterKey(tenant)]));
  }

  /** Tells the authorizer the key of each tenant's plan. */
  tell(authorize: VerbFunction): void {
    authorize.tell('MODELDROP_METER_KEYS', Stack.of(this).toJsonString(this.meterKeys));
  }

  /** Puts each tenant's limits on the gateway. */
  meter(api: RestApi): void {
    for (const [tenant, { rate, burst, quotaPerDay }] of Object.entries(this.tenants)) {
      const place = new Construct(this, tenant);
      const plan = new UsagePlan(place, 'Plan', {
        description: `Tenant ${tenant}`,
        throttle: { rateLimit: rate, burstLimit: burst },
        ...(quotaPerDay !== undefined && { quota: { limit: quotaPerDay, period: Period.DAY } }),
        apiStages: [{ api: api as IRestApi, stage: api.deploymentStage }],
      });
      plan.addApiKey(
        new ApiKey(place, 'Key', { description: `Meters ${tenant}`, value: this.meterKeys[tenant] as string }),
      );
    }
  }
}

/**
 * A value that no other account, region or deployment has, and that stays as long as the stack: the stack's own UUID
 * says it. It opens nothing, for the gateway takes it from the authorizer only.
 */
const meterKey = (tenant: string): string => Fn.join('-', [tenant, Fn.select(2, Fn.split('/', Aws.STACK_ID))]);
