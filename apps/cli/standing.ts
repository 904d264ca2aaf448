import type { Card, Versions } from '../client/answers.ts';
import { oneLine } from './output.ts';

/** How a model stands: which versions serve, how an open canary does, and what has become of its inputs. */
export function standing({ model, versions, policy, history }: Versions, { version, drift }: Card): string[] {
  const canary = versions.find(({ channel }) => channel === 'canary');
  const shadow = versions.find(({ channel }) => channel === 'shadow');
  const last = history.at(-1);
  const lines: readonly (readonly [string, string] | false | undefined)[] = [
    [model, `version ${version} serves`],
    canary && ['canary', `version ${canary.version} for ${canary.weight} % of the requests`],
    ...(canary?.trial ? trialLines(canary.trial) : []),
    shadow && ['shadow', `version ${shadow.version}${shadow.shadow ? `: ${alike(shadow.shadow)}` : ''}`],
    ...driftLines(drift),
    policy && ['mode', policy.mode],
    last && ['last', `${last.at} ${last.action} by ${last.by}${last.why ? `: ${last.why}` : ''}`],
  ];
  const told = lines.filter((line) => Array.isArray(line)) as (readonly [string, string])[];
  const width = Math.max(...told.map(([head]) => head.length));
  return told.map(([head, words]) => `${head.padEnd(width)}  ${oneLine(words)}`);
}

type Trial = NonNullable<Versions['versions'][number]['trial']>;

function trialLines({ since, canary, stable, judged, bakeMinutes, minimumRequests }: Trial): [string, string][] {
  return [
    ['', `since ${since}; promoted after ${bakeMinutes} minutes and ${minimumRequests} requests at the soonest`],
    ['', `${sideWords(canary)}; the stable version ${sideWords(stable)}`],
    ['', judged ? `held at ${judged.at}: ${judged.why}` : 'not judged yet'],
  ];
}

const sideWords = ({ requests, errors, slow }: Trial['canary']): string =>
  `${requests} requests, ${errors} without an answer, ${slow} slow`;

const alike = ({ agreement, rows }: NonNullable<Versions['versions'][number]['shadow']>): string =>
  agreement === null ? 'nothing compared yet' : `${(100 * agreement).toFixed(1)} % of ${rows} rows alike`;

/** Features that have drifted, one a line; otherwise one word on all. */
function driftLines(drift: Card['drift']): [string, string][] {
  if (drift === undefined) return [];
  const drifted = drift.features.filter(({ verdict }) => verdict === 'drifted');
  if (drifted.length === 0) return [['drift', `${drift.verdict}, in ${drift.rows} rows`]];
  return drifted.map(({ feature, words }, i) => [i === 0 ? 'drift' : '', `${feature}: ${words}`]);
}
