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
import { pythonWith } from '../python.ts';
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

/** Fits by statsmodels itself, of every link that the recipe writes, and one that it does not. */
const FITS = `
import sys
import numpy as np, pandas as pd, statsmodels.api as sm, statsmodels.formula.api as smf
random = np.random.default_rng(1)
x, z = random.uniform(0, 2, 200), random.uniform(0, 2, 200)
eta = 0.5 + 1.25 * x + 2 * z
table = pd.DataFrame({"const": 1.0, "x": x, "z": z, "number": eta + random.normal(0, 0.1, 200), "weight": 1 + x,
    "sure": (random.uniform(0, 1, 200) < 1 / (1 + np.exp(2 - x))).astype(int), "count": random.poisson(np.exp(0.2 * eta)),
    "time": random.gamma(5, 1 / (5 * eta))})
columns, rows = table[["const", "x", "z"]], table.head(9)[["const", "x", "z"]]
for name, fit in {
    "ols": sm.OLS(table.number, columns).fit(),
    "wls": sm.WLS(table.number, columns, weights=table.weight).fit(),
    "logit": smf.logit("sure ~ x + z", table).fit(disp=0),
    "poisson": sm.Poisson(table["count"], columns).fit(disp=0),
    "glm-gamma": sm.GLM(table.time, columns, family=sm.families.Gamma()).fit(),
    "glm-binomial": sm.GLM(table.sure, columns, family=sm.families.Binomial()).fit(),
    "no-intercept": sm.OLS(table.number, columns[["x", "z"]]).fit(),
}.items():
    write_modeldrop(fit, f"{sys.argv[1]}/statsmodels-{name}.json", rows[fit.model.exog_names] if name == "no-intercept" else rows)
probit = sm.GLM(table.sure, columns, family=sm.families.Binomial(sm.families.links.probit())).fit()
try:
    write_modeldrop(probit, f"{sys.argv[1]}/statsmodels-probit.json", rows)
except ValueError as error:
    print(error)
`;

const python = pythonWith('statsmodels', 'pandas');

describe.skipIf(!python)('the statsmodels recipe (skipped where no python3 has statsmodels)', () => {
  it('writes what answers as statsmodels does, for every link, and refuses others', async () => {
    const recipe = [...page.matchAll(/^```python\n(.*?)^```$/gms)].find(([, text]) => text?.includes('LINKS'))?.[1];
    const options = { encoding: 'utf8' as const, stdio: 'pipe' as const };
    const said = execFileSync(python as string, ['-c', recipe + FITS, folder], options);
    expect(said).toBe("GLM with this link can't be written as model.json\n");
    for (const name of ['ols', 'wls', 'logit', 'poisson', 'glm-gamma', 'glm-binomial', 'no-intercept']) {
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
