import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as defaultRisk from '../../examples/default-risk/example.ts';
import { loansCsv, ROWS, simulate, truth } from '../../examples/default-risk/generate.ts';
import * as diabetes from '../../examples/diabetes/example.ts';
import * as digits from '../../examples/digits-svm/example.ts';
import { type Lesson, learnFrom } from '../../examples/learned.ts';
import type { Trained } from '../../models/learning/train.ts';
import { expectClose } from '../closeness.ts';
import { referenceJson } from '../reference.ts';

const beside = (name: string, file: string): URL => new URL(`../../examples/${name}/${file}`, import.meta.url);

const learn = (lesson: Lesson): Promise<Trained> => learnFrom(beside(lesson.name, 'example.ts').href, lesson);

async function metricsOfReference(name: string): Promise<Record<string, number>> {
  return JSON.parse(await readFile(beside(name, 'reference.json'), 'utf8')).metrics;
}

/** The README with single blanks, so that tables can be found in it however they are set. */
async function readme(name: string): Promise<string> {
  return (await readFile(beside(name, 'README.md'), 'utf8')).replaceAll(/ +/g, ' ');
}

const shown = (value: number | null | undefined, digits: number): string => (value as number).toFixed(digits);

describe('diabetes', () => {
  it('is as good as scikit-learn, and says so', async () => {
    const { metrics, baselineMetrics } = (await learn(diabetes.lesson)).result;
    const expected = await metricsOfReference('diabetes');
    expectClose([metrics.r2 as number, metrics.rmse as number], [expected.r2 as number, expected.rmse as number]);
    for (const { r2, rmse, mae } of [metrics, baselineMetrics]) {
      expect(await readme('diabetes')).toContain(`| ${shown(r2, 3)} | ${shown(rmse, 1)} | ${shown(mae, 1)} |`);
    }
  });
});

describe('digits-svm', () => {
  it('answers every test row as scikit-learn does', async () => {
    const { result, findings } = await learn(digits.lesson);
    const { SVC_rbf_C1_raw: expected } = referenceJson<{ models: Record<string, { pred_test: number[] }> }>(
      'results/digits.json',
    ).models;
    expect(Array.from((findings.answers as { predicted: Int32Array }).predicted)).toEqual(expected?.pred_test);
    const { accuracy, vectors } = await metricsOfReference('digits-svm');
    expect(result.metrics.accuracy).toBe(accuracy);
    expect(Math.abs((result.supportVectors as number) - (vectors as number))).toBeLessThanOrEqual(4);
    expect(await readme('digits-svm')).toContain(`| ${shown(accuracy, 3)} | ${result.supportVectors} |`);
  });
});

describe('default-risk', () => {
  it('is learned from the table that the simulation writes', async () => {
    expect(loansCsv(simulate())).toBe(await readFile(beside('default-risk', 'loans.csv'), 'utf8'));
  });

  it('is as good as scikit-learn, and says so', async () => {
    const { metrics, baselineMetrics } = (await learn(defaultRisk.lesson)).result;
    for (const [name, expected] of Object.entries(await metricsOfReference('default-risk'))) {
      expectClose(metrics[name] as number, expected, 1e-8);
    }
    for (const { auc, logloss, accuracy } of [metrics, baselineMetrics]) {
      expect(await readme('default-risk')).toContain(
        `| ${shown(auc, 3)} | ${shown(logloss, 3)} | ${shown(accuracy, 3)} |`,
      );
    }
  });

  it('recovers the effects that the simulation is made of', async () => {
    const effects = effectsIn(await learn(defaultRisk.lesson));
    const { numbers, categories } = truth;
    // Of 3,200 loans every effect is known to about 0.05 a standard deviation, or 0.15 between two categories.
    for (const [name, { perUnit, perDeviation }] of Object.entries(effects.numbers)) {
      const deviation = perDeviation / perUnit;
      expect(Math.abs(perUnit - numbers[name as keyof typeof numbers]) * deviation, name).toBeLessThan(0.2);
    }
    for (const [column, levels] of Object.entries(categories)) {
      const [first, ...others] = Object.entries(levels) as [string, number][];
      for (const [level, effect] of others) {
        const learned = effects.category(column, level) - effects.category(column, first?.[0] as string);
        expect(Math.abs(learned - effect), `${column}=${level}`).toBeLessThan(0.45);
      }
    }
    const text = await readme('default-risk');
    const { debt_ratio, late_payments, amount, income } = effects.numbers;
    for (const [words, exact, learned] of [
      ['(`debt_ratio`)', numbers.debt_ratio / 10, (debt_ratio?.perUnit ?? 0) / 10],
      ['one more late payment', numbers.late_payments, late_payments?.perUnit],
      ['(`amount`)', numbers.amount, amount?.perUnit],
      ['a thousand more of income', numbers.income, income?.perUnit],
      [
        'a student, against a salaried person',
        0.9,
        effects.category('employment', 'student') - effects.category('employment', 'salaried'),
      ],
      [
        'who owns a home, against who rents',
        -0.8,
        effects.category('housing', 'owns') - effects.category('housing', 'rents'),
      ],
    ] as const) {
      expect(text).toContain(`${words} | ${shown(exact, 2)} | ${shown(learned, 2)} |`);
    }
  });

  it('is calibrated: of loans with about the same risk as many fail as it says', async () => {
    const { answers } = (await learn(defaultRisk.lesson)).findings;
    if (answers.task !== 'classification' || answers.probabilities === undefined) throw new Error('no probabilities');
    const { values } = answers.probabilities;
    const loans = Array.from(answers.truth, (failed, row) => ({ failed, risk: values[2 * row + 1] as number }));
    loans.sort((a, b) => a.risk - b.risk);
    let chi2 = 0;
    for (let bin = 0; bin < 10; bin++) {
      const part = loans.slice(bin * 80, (bin + 1) * 80);
      const expected = part.reduce((sum, { risk }) => sum + risk, 0);
      const seen = part.reduce((sum, { failed }) => sum + failed, 0);
      chi2 += (seen - expected) ** 2 / (expected * (1 - expected / part.length));
    }
    // Hosmer and Lemeshow's statistic on rows that were not learned from: chi squared with 10 degrees of freedom.
    expect(chi2).toBeLessThan(29.59);
  });

  it('knows the true risk of loans that it has not seen, where nothing is lost', async () => {
    const { answers } = (await learn(defaultRisk.lesson)).findings;
    if (answers.task !== 'classification' || answers.probabilities === undefined) throw new Error('no probabilities');
    const { values } = answers.probabilities;
    const loans = simulate().slice(ROWS * 0.8);
    const errors = loans.flatMap(({ probability, lost }, row) =>
      lost.length === 0 ? [Math.abs((values[2 * row + 1] as number) - probability)] : [],
    );
    expect(errors.length).toBeGreaterThan(600);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.04);
  });
});

interface Effects {
  readonly numbers: Record<string, { readonly perUnit: number; readonly perDeviation: number }>;
  category(column: string, level: string): number;
}

/** Coefficients toward a default, in the table's own units. */
function effectsIn({ model, result }: Trained): Effects {
  const { features, coefficients } = result as unknown as { features: string[]; coefficients: number[][] };
  const weight = (name: string): number => coefficients[0]?.[features.indexOf(name)] as number;
  const step = model.preparation?.find(({ step }) => step === 'standardize') as { columns: string[]; scale: number[] };
  return {
    numbers: Object.fromEntries(
      step.columns.map((name, k) => [
        name,
        { perUnit: weight(name) / (step.scale[k] as number), perDeviation: weight(name) },
      ]),
    ),
    category: (column, level) => weight(`${column}=${level}`),
  };
}
