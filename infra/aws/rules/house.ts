import { readFileSync } from 'node:fs';
import type { IPolicyValidationPlugin, PolicyValidationStack, PolicyViolation } from 'aws-cdk-lib';
import { answeredByUs } from './answered-by-us.ts';
import { anyPartition } from './any-partition.ts';
import { lambdaShape } from './lambda-shape.ts';
import { logRetention } from './log-retention.ts';
import { missingIsMissing } from './missing-is-missing.ts';
import { narrowPermissions } from './narrow-permissions.ts';
import { powerlessVerify } from './powerless-verify.ts';
import type { Rule, Template } from './rule.ts';

/** What cdk-nag does not know that we promise. */
const rules: readonly Rule[] = [
  narrowPermissions,
  powerlessVerify,
  missingIsMissing,
  lambdaShape,
  logRetention,
  answeredByUs,
  anyPartition,
];

/** Our own rules, over every synthesized template. Nobody acknowledges them away. */
export const houseRules = (): IPolicyValidationPlugin => ({
  name: 'Modeldrop',
  ruleIds: rules.map(({ name }) => name),
  validate({ stackTemplates }) {
    const violations = stackTemplates.flatMap(violationsIn);
    return { success: violations.length === 0, violations };
  },
});

function violationsIn({ templatePath, region }: PolicyValidationStack): PolicyViolation[] {
  const template = JSON.parse(readFileSync(templatePath, 'utf8')) as Template;
  return rules.flatMap(({ name, description, check }) =>
    check(template, region).map(({ resource, found }) => ({
      ruleName: name,
      description: `${description} Found: ${found}`,
      severity: 'error',
      violatingResources: [{ resourceLogicalId: resource, templatePath, locations: ['Properties'] }],
    })),
  );
}
