import type { AwsSession } from '../store/aws-session.ts';
import { jsonCall } from './json-call.ts';

/** A schedule that runs only while it is wanted. */
export interface Schedule {
  on(): Promise<void>;
  off(): Promise<void>;
}

/** A rule of EventBridge. @throws AwsRefused */
export function eventRule({ session, name }: { readonly session: AwsSession; readonly name: string }): Schedule {
  const call = jsonCall({ session, service: 'events', target: 'AWSEvents' });
  return {
    on: () => call<void>('EnableRule', { Name: name }),
    off: () => call<void>('DisableRule', { Name: name }),
  };
}
