import type { Channel } from '../channel.ts';
import { addDurations, type Durations } from './durations.ts';
import type { Ledger } from './ledger.ts';

/** How many input values fell into which bin of the baseline: a list of bins a feature. */
export interface InputCounts {
  readonly rows: number;
  readonly bins: readonly (readonly number[])[];
}

/** What came of the copies of requests that a shadow was sent. */
export interface ShadowCounts {
  /** When the shadow began: it tells two shadows of one version apart. */
  readonly since: string;
  readonly sent: number;
  /** Not sent: too large, or too many at once. */
  readonly skipped: number;
  /** Taken up, of those that were sent. The rest were lost, or killed the process that took them up. */
  readonly calls: number;
  /** Without an answer of the shadow. */
  readonly failed: number;
  readonly rows: number;
  /** Rows that both versions answered alike. */
  readonly agreed: number;
  readonly shadow: Durations;
  readonly serving: Durations;
}

export const noShadow = (since: string): ShadowCounts => ({
  since,
  sent: 0,
  skipped: 0,
  calls: 0,
  failed: 0,
  rows: 0,
  agreed: 0,
  shadow: {},
  serving: {},
});

/** What one process has counted of a version in a while. No value of a request is in it. */
export interface CountLine {
  readonly model: string;
  readonly version: number;
  readonly inputs?: InputCounts;
  readonly shadow?: ShadowCounts;
}

export interface VersionCounts {
  /** By UTC day, such as 2026-11-25. */
  readonly days: Readonly<Record<string, InputCounts>>;
  readonly shadow?: ShadowCounts;
}

/** All that was counted of a model, as the registry keeps it. */
export interface Counts {
  readonly schema: 1;
  readonly model: string;
  /** What was logged before is in it, where counts come by way of a log. */
  readonly upTo?: number;
  readonly versions: Readonly<Record<string, VersionCounts>>;
  readonly trial?: Ledger;
}

/** Drift is of the last days, not of all time. */
const KEPT_DAYS = 7;

export const noCounts = (model: string): Counts => ({ schema: 1, model, versions: {} });

export const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The counts with those of a line that was written on this day. */
export function withLine(counts: Counts, { version, inputs, shadow }: CountLine, day: string): Counts {
  const { days, ...known } = counts.versions[version] ?? { days: {} };
  const joined: VersionCounts = {
    ...known,
    days: inputs ? recent({ ...days, [day]: addInputs(days[day], inputs) }) : days,
    ...(shadow && { shadow: addShadows(known.shadow, shadow) }),
  };
  return { ...counts, versions: { ...counts.versions, [version]: joined } };
}

/** Without the versions that are no longer in service. */
export function whileServing(counts: Counts, { stable, canary, shadow }: Channel): Counts {
  const serving = [stable, canary?.version, shadow?.version].map(String);
  const versions = Object.entries(counts.versions).filter(([version]) => serving.includes(version));
  return { ...counts, versions: Object.fromEntries(versions) };
}

/** The counts of all days that are kept. */
export const inputsIn = ({ days }: VersionCounts): InputCounts | undefined =>
  Object.values(days).reduce<InputCounts | undefined>(addInputs, undefined);

const recent = (days: Readonly<Record<string, InputCounts>>): Record<string, InputCounts> =>
  Object.fromEntries(Object.entries(days).sort().slice(-KEPT_DAYS));

/** Counts of other bins than before begin anew. */
export function addInputs(sum: InputCounts | undefined, more: InputCounts): InputCounts {
  const fits =
    sum?.bins.length === more.bins.length && sum.bins.every((bins, k) => bins.length === more.bins[k]?.length);
  if (sum === undefined || !fits) return more;
  return {
    rows: sum.rows + more.rows,
    bins: sum.bins.map((bins, k) => bins.map((count, bin) => count + (more.bins[k]?.[bin] ?? 0))),
  };
}

/** Of another shadow, the later one stays. */
export function addShadows(sum: ShadowCounts | undefined, more: ShadowCounts): ShadowCounts {
  if (sum === undefined || sum.since < more.since) return more;
  if (sum.since > more.since) return sum;
  return {
    since: sum.since,
    sent: sum.sent + more.sent,
    skipped: sum.skipped + more.skipped,
    calls: sum.calls + more.calls,
    failed: sum.failed + more.failed,
    rows: sum.rows + more.rows,
    agreed: sum.agreed + more.agreed,
    shadow: addDurations(sum.shadow, more.shadow),
    serving: addDurations(sum.serving, more.serving),
  };
}
