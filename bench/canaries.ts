import { endings, GOOD, type Traffic } from '../test/models/watch/simulated-releases.ts';

/** How often the judge is right: `node bench/canaries.ts [releases]`. */
const releases = Number(process.argv[2] ?? 1_000);

const kinds: Readonly<Record<string, Partial<Traffic>>> = {
  'as good as the stable version': {},
  'with three times the errors': { errors: 3 * GOOD.errors },
  'whose every fiftieth request aborts its process': { aborts: 0.02 },
  'with five times the slow answers': { slow: 5 * GOOD.slow },
  'with two requests a minute': { perMinute: 2 },
};

for (const [kind, canary] of Object.entries(kinds)) {
  const { withdraw, promote, hold } = endings(releases, { ...GOOD, ...canary }, 1);
  process.stdout.write(`${kind.padEnd(50)} withdrawn ${withdraw}, promoted ${promote}, held ${hold} of ${releases}\n`);
}
