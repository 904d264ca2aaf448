import { TRIAL_MARK } from './logged.ts';
import type { Attempt, Meter, Observation } from './meter.ts';

export interface EmfOptions {
  readonly namespace: string;
  /** One line to the function's log. Not through `console`, whose lines Lambda's JSON format wraps. */
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Milliseconds that counts are gathered before a line is written. */
  readonly everyMs?: number;
}

export interface EmfMeter extends Meter {
  /** Writes what was gathered: before a sandbox ends. */
  flush(): void;
}

interface Tally {
  requests: number;
  errors: number;
  readonly durations: number[];
}

/** CloudWatch takes at most so many values in one metric of one line. */
const MAX_VALUES = 100;

/**
 * Counts predictions and writes them as CloudWatch's embedded metric format, a line a model and interval: nothing runs
 * after a Lambda's answer, so an interval ends with the first prediction after it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @param inner keeps the stats of this process
 */
export function emfMeter(inner: Meter, { namespace, write, now, everyMs = 60_000 }: EmfOptions): EmfMeter {
  const tallies = new Map<string, Tally>();
  let since = now();

  const flush = (): void => {
    for (const [model, tally] of tallies) write(`${JSON.stringify(embedded(namespace, model, tally, now()))}\n`);
    tallies.clear();
    since = now();
  };

  const count = ({ model, status, duration }: Observation): void => {
    const tally = tallies.get(model) ?? { requests: 0, errors: 0, durations: [] };
    tally.requests += 1;
    if (status >= 500) tally.errors += 1;
    tally.durations.push(Number(duration.toFixed(3)));
    tallies.set(model, tally);
    if (tally.durations.length >= MAX_VALUES) flush();
  };

  return {
    attempt(attempt) {
      inner.attempt(attempt);
      write(`${JSON.stringify(trialLine(namespace, attempt, { attempts: 1 }, now()))}\n`);
    },
    record(observation) {
      inner.record(observation);
      const { trial, status, duration } = observation;
      if (trial && status < 400) {
        const counted = { successes: 1, duration };
        write(`${JSON.stringify(trialLine(namespace, { ...observation, trial }, counted, now()))}\n`);
      }
      if (now() - since >= everyMs) flush();
      count(observation);
    },
    stats: (model, version) => inner.stats(model, version),
    flush,
  };
}

const UNITS: Readonly<Record<string, string>> = { duration: 'Milliseconds' };

/** Of one prediction while a canary is open, at once: a sandbox that dies takes what is not written with it. */
function trialLine(
  namespace: string,
  { model, version, trial }: Attempt,
  counted: Readonly<Record<string, number>>,
  timestamp: number,
) {
  const metrics = Object.keys(counted).map((name) => ({ Name: name, Unit: UNITS[name] ?? 'Count' }));
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['model', 'version']], Metrics: metrics }],
    },
    modeldrop: TRIAL_MARK,
    model,
    version: String(version),
    side: trial.side,
    since: trial.since,
    ...counted,
    ...(trial.caller !== undefined && { caller: trial.caller }),
  };
}

const embedded = (namespace: string, model: string, { requests, errors, durations }: Tally, timestamp: number) => ({
  _aws: {
    Timestamp: timestamp,
    CloudWatchMetrics: [
      {
        Namespace: namespace,
        Dimensions: [['model']],
        Metrics: [
          { Name: 'requests', Unit: 'Count' },
          { Name: 'errors', Unit: 'Count' },
          { Name: 'duration', Unit: 'Milliseconds' },
        ],
      },
    ],
  },
  model,
  requests,
  errors,
  duration: durations,
});
