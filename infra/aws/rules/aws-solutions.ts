import type { App, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { isNarrow } from './narrow-permissions.ts';

/** cdk-nag's AwsSolutions pack, in which a warning is as good as an error: each finding is mended or acknowledged. */
export function awsSolutions(app: App): IPolicyValidationPlugin {
  const pack = new AwsSolutionsChecks(app);
  return { name: pack.name, validate: (context) => strict(pack.validate(context)) };
}

function strict(report: PolicyValidationPluginReport): PolicyValidationPluginReport {
  const violations = report.violations
    .filter((violation) => !isBelowAPrefix(violation))
    .map((violation) => ({ ...violation, severity: 'error' }));
  return { ...report, success: violations.length === 0, violations };
}

/** The pack would have every bucket's keys acknowledged by name, stage and hash; our own rule says which may be. */
function isBelowAPrefix({ ruleName }: PolicyViolation): boolean {
  const resource = /^AwsSolutions-IAM5\[Resource::(.+)\]$/.exec(ruleName)?.[1];
  return resource !== undefined && isNarrow(resource);
}
