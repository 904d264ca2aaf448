import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/** Everything that a log line may say. No body, no value, no key ever gets a name here. */
export interface Line {
  readonly request_id?: string;
  readonly operation?: string;
  readonly method?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  readonly tenant?: string;
  readonly key_id?: string;
  readonly model?: string;
  readonly version?: number;
  readonly channel?: string;
  readonly drop?: string;
  readonly job?: string;
  readonly error?: string;
  /** Metrics and log lines that this process has lost. */
  readonly observer_failures?: number;
  /** Code locations only: an error's message may quote a request. */
  readonly frames?: readonly string[];
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';

export interface Log {
  info(message: string, line: Line): void;
  error(message: string, line: Line): void;
}

const allowed: { readonly [K in keyof Required<Line>]: true } = {
  request_id: true,
  operation: true,
  method: true,
  status: true,
  duration_ms: true,
  tenant: true,
  key_id: true,
  model: true,
  version: true,
  channel: true,
  drop: true,
  job: true,
  error: true,
  observer_failures: true,
  frames: true,
};

class AllowList extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, extra: LogAttributes): LogItem {
    const attributes: LogAttributes = {
      level: base.logLevel,
      time: base.timestamp.toISOString(),
      function: base.serviceName,
      message: base.message,
    };
    for (const name of Object.keys(allowed)) if (extra[name] !== undefined) attributes[name] = extra[name];
    return new LogItem({ attributes });
  }
}

const QUIET: ReadonlySet<string> = new Set(['WARN', 'ERROR', 'CRITICAL', 'SILENT']);

/** Powertools' logger, which drops every field it does not know. @param level by the environment where none is given */
export function powertoolsLog(service: string, level?: LogLevel): Log {
  const logger = new Logger({ serviceName: service, logFormatter: new AllowList(), ...(level && { logLevel: level }) });
  return {
    // The logger itself reads the environment before it finds that it has nothing to say.
    info: QUIET.has(logger.getLevelName()) ? () => {} : (message, line) => logger.info(message, { ...line }),
    error: (message, line) => logger.error(message, { ...line }),
  };
}

const FRAMES = 10;

/** Where an error came from, without its words: a line of them may look like a frame. */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const [stack, wordLines] = [error.stack?.split('\n') ?? [], error.message.split('\n').length];
  return stack
    .slice(wordLines)
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES);
}
