import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { replayGolden } from '../../functions/verify/golden.ts';
import type { Example } from '../../models/examples.ts';
import { inspect } from '../../models/formats/inspect.ts';
import { nativePredictor } from '../../models/native.ts';
import { expectClose } from '../closeness.ts';
import { referenceFile } from '../reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeldrop-recipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (relative: string): string => new URL(relative, import.meta.url).pathname;
const written = readdirSync(path('../reference/models/r'));
const page = readFileSync(path('../../docs/recipes.md'), 'utf8');

describe.each(written.filter((name) => name.endsWith('.json')))('what R 4.2.2 wrote by the recipe: %s', (name) => {
  it('is served, and answers as R predicts', async () => {
    const inspection = inspect(referenceFile(`models/r/${name}`));
    await replayGolden(inspection.content, nativePredictor(inspection.model));
    const predicted = readFileSync(path(`../reference/models/r/${name.replace('.json', '.txt')}`), 'utf8');
    const [{ outputs }] = inspection.content.examples as [Example];
    expectClose((outputs as { predict: number[] }).predict, predicted.trim().split('\n').map(Number));
  });
});

const hasR = succeeds('Rscript', ['--version']);

describe.skipIf(!hasR)(
  'the R recipe (skipped where there is no Rscript: the files that it wrote are tested above)',
  () => {
    it('still writes the same files, and refuses what it can not write', () => {
      execFileSync('Rscript', [path('../reference/recipe_cases.R'), path('../../docs/recipes.md'), folder], {
        stdio: 'ignore',
      });
      expect(readdirSync(folder).toSorted()).toEqual(written.toSorted());
      for (const name of written.filter((name) => name.endsWith('.json'))) {
        const [again, before] = [readFileSync(join(folder, name)), referenceFile(`models/r/${name}`).bytes].map(
          (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
        );
        // Another R may round the last digit of a fit differently.
        expect({ ...again, parameters: 0, examples: 0 }).toEqual({ ...before, parameters: 0, examples: 0 });
        expectClose(again.parameters.coefficients, before.parameters.coefficients, 1e-6);
      }
    });
  },
);

/** An object of the form of statsmodels' results. Statsmodels itself is not among what tests install. */
const STAND_IN = `
import json, math, sys
class Rows(list):
    def to_dict(self, how): return list(self)
class Link: pass
def result(model, names, params, link, inverse):
    kind = type(model, (), {})()
    kind.exog_names = names
    kind.family = type("Family", (), {})()
    kind.family.link = type(link, (), {})()
    out = type("Results", (), {})()
    out.model, out.params = kind, params
    out.predict = lambda rows: [inverse(sum(p * row.get(n, 1.0) for n, p in zip(names, params))) for row in rows]
    return out
rows = Rows({"x": x, "z": 2.0 - x} for x in (0.1, 0.7, 1.3))
names, params = ["const", "x", "z"], [0.5, 1.25, 2.0]
for name, fit in {
    "ols": result("OLS", names, params, "Identity", lambda eta: eta),
    "logit": result("Logit", ["Intercept", "x", "z"], params, "Logit", lambda eta: 1 / (1 + math.exp(-eta))),
    "gamma": result("GLM", names, params, "InversePower", lambda eta: 1 / eta),
    "poisson": result("GLM", ["x", "z"], params[1:], "log", math.exp),
}.items():
    write_modeldrop(fit, f"{sys.argv[1]}/statsmodels-{name}.json", rows)
try:
    write_modeldrop(result("GLM", names, params, "probit", None), f"{sys.argv[1]}/statsmodels-probit.json", rows)
except ValueError as error:
    print(error)
`;

const hasPython = succeeds('python3', ['--version']);

describe.skipIf(!hasPython)('the statsmodels recipe (skipped where there is no python3)', () => {
  it('writes what answers alike, for every link, and refuses others', async () => {
    const recipe = [...page.matchAll(/^```python\n(.*?)^```$/gms)].find(([, text]) => text?.includes('LINKS'))?.[1];
    const said = execFileSync('python3', ['-c', recipe + STAND_IN, folder], { encoding: 'utf8' });
    expect(said).toBe("GLM with this link can't be written as model.json\n");
    for (const name of ['ols', 'logit', 'gamma', 'poisson']) {
      const bytes = readFileSync(join(folder, `statsmodels-${name}.json`));
      const inspection = inspect({ name: 'model.json', bytes });
      expect(inspection.content.features).toEqual(['x', 'z']);
      await replayGolden(inspection.content, nativePredictor(inspection.model));
    }
    expect(readdirSync(folder)).not.toContain('statsmodels-probit.json');
  });
});

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
