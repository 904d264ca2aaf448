import type { Quality } from '../../models/compare/quality.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';

/** What a verification has seen, a line each. */
export function rehearsalWords({ latency, peakMemoryMb, against, quality }: Rehearsal): string[] {
  return [
    latency
      ? `one row takes ${latency.p50} ms, one in a hundred ${latency.p99} ms; peak memory ${peakMemoryMb} MB`
      : `peak memory ${peakMemoryMb} MB`,
    ...(against ? [againstWords(against)] : []),
    ...(quality ? [qualityWords(quality)] : []),
  ];
}

function againstWords(against: NonNullable<Rehearsal['against']>): string {
  const beside = `beside version ${against.version}, which served`;
  if ('why' in against) return `not compared ${beside}: ${against.why}`;
  const { changed, rows, largest } = against;
  return `${changed} of ${rows} answers changed ${beside}; the largest difference is ${shortly(largest)}`;
}

function qualityWords({ metric, rows, value, serving, unheld }: Quality): string {
  const own = `${metric} ${shortly(value)} on ${rows} labelled rows`;
  if (unheld)
    return `${own}; not known to be no worse than version ${unheld.version}, which serves, since ${unheld.why}: it serves once you release it`;
  if (serving === undefined) return own;
  const [low, high] = serving.interval;
  return `${own}, ${shortly(serving.value)} by version ${serving.version}: lower by ${shortly(serving.gain)} (${shortly(low)} to ${shortly(high)})`;
}

const shortly = (value: number): string => Number(value.toPrecision(4)).toString();
