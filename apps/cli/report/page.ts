import type { Report, ReportMetric, Slice } from '../../../models/learning/report/report.ts';
import { Html, html } from './html.ts';
import { costPlot, curvePlots, importancePlot, lossPlot, residualPlots } from './plots.ts';
import { STYLE } from './style.ts';
import { between, figure, figureOrNone, metricName, rows as rowsOf } from './words.ts';

/** More classes than that are a table, not a picture. */
const MOST_CURVES = 3;
const MOST_CLASSES = 30;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one page that asks nobody for anything: no script, no font, no image from elsewhere. */
export function reportPage(report: Report): string {
  const { target, kind, data } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${kind} for ${target}, from ${data.name}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${heading(report)}
${notes(report)}
${tiles(report)}
${metricTable(report)}
${plots(report)}
${confusion(report)}
${threshold(report)}
${importance(report)}
${slices(report)}
${search(report)}
${facts(report)}
</main>
</body>
</html>
`;
  return page.text;
}

const heading = ({ target, kind, data, rows }: Report): Html => html`<p class="over">${kind}</p>
<h1>${target}</h1>
<p class="soft">${rows.train === undefined ? html`Tested on ${rowsOf(rows.test)} of ${data.name}` : html`Learned from ${rowsOf(rows.train)} of ${data.name}, tested on ${rows.test} others`}</p>`;

const notes = ({ baseline, leaks, warnings }: Report): Html => html`
${baseline && html`<p class="note ${baseline.beats ? 'good' : 'bad'}">The model ${baseline.words}.</p>`}
${[...warnings, ...leaks.map(({ words }) => words)].map((words) => html`<p class="note bad">Look at this: ${words}.</p>`)}`;

/** What a reader looks for first, by task. */
const FIRST: Readonly<Record<Report['task'], readonly string[]>> = {
  regression: ['r2', 'rmse', 'mae', 'wape'],
  classification: ['accuracy', 'logloss', 'auc', 'f1'],
};

function tiles({ task, metrics }: Report): Html {
  const known = FIRST[task].flatMap((name) => {
    const { test = null, interval } = metrics[name] ?? {};
    return test === null ? [] : [{ name, test, interval }];
  });
  return html`<div class="tiles">${known.map(
    ({ name, test, interval }) =>
      html`<div class="tile"><span>${metricName(name)}</span><b>${figure(test)}</b><span>${interval && between(interval)}</span></div>`,
  )}</div>`;
}

function metricTable({ metrics, primary, rows }: Report): Html {
  const several = rows.train !== undefined;
  return html`<h2>How good it is</h2>
<div class="wide"><table>
<thead><tr><th scope="col">metric</th><th scope="col">test</th><th scope="col">95 % interval</th>${several ? html`<th scope="col">training</th><th scope="col">guessing</th>` : undefined}</tr></thead>
<tbody>${Object.entries(metrics).map(([name, metric]) => metricRow(name, metric, name === primary, several))}</tbody>
</table></div>
<p class="soft">Intervals: Wilson's for accuracy, otherwise the test rows drawn anew 2,000 times, with the model as it is. Models are compared by the metric in bold.${several ? ' Guessing knows the training targets only.' : ''}</p>`;
}

function metricRow(name: string, metric: ReportMetric, isPrimary: boolean, several: boolean): Html {
  const { test, train, baseline, interval, why } = metric;
  const head = html`<tr class="${isPrimary ? 'first' : ''}"><th scope="row">${metricName(name)}</th>`;
  const beside = several ? html`<td>${figureOrNone(train)}</td><td>${figureOrNone(baseline)}</td>` : undefined;
  if (test === null) return html`${head}<td>–</td><td class="why" colspan="${several ? 3 : 1}">${why}</td></tr>`;
  return html`${head}<td>${figure(test)}</td><td>${interval && between(interval)}</td>${beside}</tr>`;
}

function plots({ curves = [], residuals, losses }: Report): Html | undefined {
  const shown = curves.slice(0, MOST_CURVES);
  const several = curves.length > 1;
  const drawn = [
    ...shown.flatMap((each) => [
      ...(several ? [html`<h3>${each.label} against the rest</h3>`] : []),
      ...curvePlots(each),
    ]),
    ...(residuals && residuals.length > 0 ? residualPlots(residuals) : []),
    ...(losses ? [lossPlot(losses)] : []),
  ];
  if (drawn.length === 0) return undefined;
  const rest = curves.length - shown.length;
  return html`<h2>${curves.length === 1 ? html`How well ${curves[0]?.label} is told` : 'How it answers'}</h2><div class="plots">${drawn}</div>
${rest > 0 ? html`<p class="soft">The curves of ${rest} other classes are in the report as JSON.</p>` : undefined}`;
}

function confusion({ confusion: counts, labels = [] }: Report): Html | undefined {
  if (counts === undefined) return undefined;
  const title = html`<h2>What was taken for what</h2>`;
  if (labels.length > MOST_CLASSES)
    return html`${title}<p class="soft">${labels.length} classes; the table is in the report as JSON.</p>`;
  return html`${title}
<div class="wide"><table class="heat">
<thead><tr><th scope="col">true, and predicted as</th>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${counts.map((line, k) => html`<tr><th scope="row">${labels[k]}</th>${line.map((count) => heatCell(count, line))}</tr>`)}</tbody>
</table></div>`;
}

/** The deeper, the larger its share of the row; never so deep that the number can't be read. */
const DEEPEST = 0.45;

function heatCell(count: number, line: readonly number[]): Html {
  const share = count / line.reduce((sum, other) => sum + other, 0);
  if (count === 0) return html`<td class="soft">0</td>`;
  return html`<td style="background: rgb(var(--heat) / ${(DEEPEST * share).toFixed(3)})">${count}</td>`;
}

function threshold({ threshold: stated }: Report): Html | undefined {
  if (stated === undefined) return undefined;
  const { positive, value, from, costs } = stated;
  return html`<h2>When it says ${positive}</h2>
<p>From a probability of <b>${figure(value)}</b>: ${from}.</p>
<div class="plots">${costPlot(stated)}</div>
<p class="soft">A false positive costs ${figure(costs.falsePositive)}, a false negative ${figure(costs.falseNegative)}. The curve is of test rows; the threshold was not chosen by it.</p>`;
}

function importance({ importance: all, importanceRows, primary, rows }: Report): Html | undefined {
  if (all.length === 0 || rows.test === 0) return undefined;
  const tied = all.filter(({ correlated }) => correlated).slice(0, 10);
  const some = importanceRows < rows.test ? ` On ${importanceRows} of the test rows.` : '';
  return html`<h2>Which columns matter</h2>${importancePlot(all, metricName(primary))}
<p class="soft">Each column was shuffled ten times; the line is one standard deviation.${some}</p>
${tied.map(({ feature, correlated }) => html`<p class="soft">${feature} goes with ${correlated?.join(', ')} (|r| over 0.9): shuffling one of them alone shows too little.</p>`)}`;
}

function slices({ slices: all }: Report): Html | undefined {
  if (all.length === 0) return undefined;
  const byColumn = Map.groupBy(all, ({ column }) => column);
  return html`<h2>Slices</h2>${[...byColumn].map(([column, part]) => sliceTable(column, part))}`;
}

const sliceTable = (column: string, part: readonly Slice[]): Html => html`<div class="wide"><table>
<thead><tr><th scope="col">${column}</th><th scope="col">rows</th><th scope="col">${metricName(part[0]?.metric ?? '')}</th><th scope="col">95 % interval</th></tr></thead>
<tbody>${part.map(
  ({ value, count, score, interval, why }) =>
    html`<tr><th scope="row">${value}</th><td>${count}</td><td>${figureOrNone(score)}</td><td>${interval ? between(interval) : why}</td></tr>`,
)}</tbody></table></div>`;

function search({ search: found }: Report): Html | undefined {
  if (found === undefined) return undefined;
  const { trials, folds, metric } = found;
  const names = Object.keys(trials[0]?.hyperparameters ?? {});
  const best = Math.min(...trials.map(({ score }) => score).filter(Number.isFinite));
  return html`<h2>What was tried</h2>
<p class="soft">${trials.length} settings by ${folds}-fold cross-validation of the training rows; the lowest ${metric === 'accuracy' ? 'error rate' : metricName(metric)} wins.</p>
<div class="wide"><table>
<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">mean over folds</th></tr></thead>
<tbody>${trials.map(({ hyperparameters, score }) => html`<tr class="${score === best ? 'first' : ''}">${names.map((name) => html`<td>${plain(hyperparameters[name])}</td>`)}<td>${Number.isFinite(score) ? figure(score) : '–'}</td></tr>`)}</tbody>
</table></div>`;
}

const plain = (value: unknown): string =>
  typeof value === 'number' ? figure(value) : typeof value === 'string' ? value : JSON.stringify(value);

const facts = ({ data, split, seed, rows, hyperparameters }: Report): Html => html`<h2>How it was done</h2>
<dl>
<dt>Table</dt><dd>${data.name}, ${rowsOf(data.rows)}, SHA-256 ${data.sha256}</dd>
${rows.train === undefined ? undefined : html`<dt>Learned from</dt><dd>${rowsOf(rows.train)}</dd>`}
<dt>Tested on</dt><dd>${rowsOf(rows.test)}: ${split}</dd>
<dt>Seed</dt><dd>${seed}</dd>
${Object.entries(hyperparameters).map(([name, value]) => html`<dt>${name}</dt><dd>${plain(value)}</dd>`)}
</dl>`;
