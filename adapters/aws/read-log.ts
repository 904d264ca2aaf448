import type { AwsSession } from '../store/aws-session.ts';
import { jsonCall } from './json-call.ts';

/** A line of a log, and when it was written. */
export interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

export interface ReadLogOptions {
  readonly session: AwsSession;
  /** Read one after the other. */
  readonly logGroups: readonly string[];
  /** CloudWatch's filter pattern for the lines that are wanted. */
  readonly pattern: string;
}

/** The lines from `from` up to, not with, `to`, in milliseconds. */
export type ReadLog = (from: number, to: number) => AsyncIterable<readonly LogLine[]>;

interface Page {
  readonly events?: readonly LogLine[];
  readonly nextToken?: string;
}

/** Reads log groups of CloudWatch, page by page. @throws AwsRefused */
export function readLog({ session, logGroups, pattern }: ReadLogOptions): ReadLog {
  const call = jsonCall({ session, service: 'logs', target: 'Logs_20140328' });
  const pagesOf = async function* (logGroup: string, from: number, to: number) {
    let nextToken: string | undefined;
    do {
      const page: Page = await call('FilterLogEvents', {
        logGroupName: logGroup,
        startTime: from,
        // CloudWatch counts its end in.
        endTime: to - 1,
        filterPattern: pattern,
        ...(nextToken !== undefined && { nextToken }),
      });
      yield page.events ?? [];
      ({ nextToken } = page);
    } while (nextToken !== undefined);
  };
  return async function* (from, to) {
    for (const logGroup of logGroups) yield* pagesOf(logGroup, from, to);
  };
}
