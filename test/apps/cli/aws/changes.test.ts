import { describe, expect, it } from 'vitest';
import { anyChange, changeWords } from '../../../../apps/cli/aws/change-words.ts';
import { stackChange } from '../../../../apps/cli/aws/changes.ts';

const statement = (action: string, effect = 'Allow') => ({
  Effect: effect,
  Action: action,
  Resource: 'arn:aws:s3:::b/*',
});

const template = (memory: number, ...statements: object[]) => ({
  Resources: {
    Predict: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: memory, PackageType: 'Zip' } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: ['role'], PolicyName: 'p', PolicyDocument: { Statement: statements } },
    },
  },
});

const before = template(512, statement('s3:GetObject'));
const words = (after: object) => changeWords([stackChange('S', before, after as Record<string, unknown>)]);

describe('a change in plain words', () => {
  it('counts what is in a new stack', () => {
    const change = stackChange('S', undefined, before);
    expect(changeWords([change])).toEqual(['S: new, 2 resources, 1 permission']);
    expect(anyChange([change])).toBe(true);
  });

  it('says where nothing changes', () => {
    expect(words(before)).toEqual(['S: stays as it is']);
    expect(anyChange([stackChange('S', before, before)])).toBe(false);
  });

  it('names what changes', () => {
    expect(words(template(1_024, statement('s3:GetObject')))).toEqual([
      'S: 0 added, 1 changed, 0 replaced, 0 removed',
      '  ~ AWS::Lambda::Function Predict',
    ]);
  });

  it('calls out permissions that widen', () => {
    expect(words(template(512, statement('s3:GetObject'), statement('s3:DeleteObject')))).toEqual([
      'S: 0 added, 1 changed, 0 replaced, 0 removed',
      '  ~ AWS::IAM::Policy Policy',
      '  permissions widen: AWS:role may s3:DeleteObject on arn:aws:s3:::b/*',
    ]);
  });

  it('calls out a prohibition that ends', () => {
    const denying = stackChange('S', template(512, statement('s3:*', 'Deny')), template(512));
    expect(denying.granted).toEqual(['AWS:role is no longer kept from s3:* on arn:aws:s3:::b/*']);
  });

  it('does not call out permissions that narrow', () => {
    expect(words(template(512)).filter((line) => line.includes('widen'))).toEqual([]);
  });

  it('says what is lost', () => {
    const { Policy } = before.Resources;
    const Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a' } };
    const renamed = { ...Queue, Properties: { QueueName: 'b' } };
    const change = stackChange(
      'S',
      { Resources: { ...before.Resources, Queue } },
      { Resources: { Policy, Queue: renamed, Fresh: Queue } },
    );
    expect(changeWords([change])).toEqual([
      'S: 1 added, 0 changed, 1 replaced, 1 removed',
      '  + AWS::SQS::Queue Fresh',
      '  ! AWS::SQS::Queue Queue is replaced, and loses what is in it',
      '  - AWS::Lambda::Function Predict',
    ]);
  });
});
