import { expect, it } from 'vitest';
import { reasonIn } from '../../../../apps/cli/aws/cdk.ts';

it.each([
  [
    'the first resource that failed',
    [
      'S | 0/9 | 7:45:09 PM | CREATE_FAILED        | AWS::S3::Bucket | Inbox (InboxBucket) Access denied',
      'S | 1/9 | 7:45:10 PM | ROLLBACK_IN_PROGRESS | AWS::CloudFormation::Stack | S',
      ' ❌  S failed: it was rolled back',
    ],
    'S | 0/9 | 7:45:09 PM | CREATE_FAILED | AWS::S3::Bucket | Inbox (InboxBucket) Access denied',
  ],
  ['what the tool says failed', ['x', ' ❌  S failed: no such role', ''], '❌ S failed: no such role'],
  ['an error of the app', ['Error: boom', '    at somewhere'], 'Error: boom'],
  ['the last line', ['a', 'b', ' '], 'b'],
  ['that there is none', [], 'it did not say why'],
])('a failure is told by %s', (_, lines, reason) => {
  expect(reasonIn(lines)).toBe(reason);
});
