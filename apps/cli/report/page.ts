import type { Report, ReportMetric, Slice } from '../../../models/learning/report/report.ts';
import { type Html, html } from './html.ts';
import { curvePlots, importancePlot, lossPlot, residualPlots } from './plots.ts';
import { STYLE } from './style.ts';

/** More classes than that are a table, not a picture. */
const MOST_CURVES = 4;
const MOST_CLASSES = 30;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one page that asks nobody for anything: no script, no font, no image from elsewhere. */
export function reportPage(report: Report): string {
  const { target, kind, data, baseline, leaks } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${kind} for ${target}, from ${data.name}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${target}, predicted by ${kind}</h1>
<p class="soft">from ${data.name}</p>
<p class="verdict ${baseline.beats ? 'good' : 'bad'}">The model ${baseline.words}.</p>
${leaks.length > 0 ? html`<h2>Read this first</h2>${leaks.map(({ words }) => html`<p class="warning">${words}.</p>`)}` : undefined}
${facts(report)}
${metricTable(report)}
${plots(report)}
${confusion(report)}
${slices(report)}
${importance(report)}
${search(report)}
</main>
</body>
</html>
`;
  return page.text;
}

const raw = (text: string): Html => html`${{ text } as Html}`;

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));
const orNone = (value: number | null): string => (value === null ? 'none' : shown(value));

const facts = ({ data, split, seed, rows, hyperparameters }: Report): Html => html`<h2>What was done</h2>
<dl>
<dt>Table</dt><dd>${data.rows} rows, SHA-256 ${data.sha256}</dd>
<dt>Learned from</dt><dd>${rows.train} rows</dd>
<dt>Tested on</dt><dd>${rows.test} others: ${split}</dd>
<dt>Seed</dt><dd>${seed}</dd>
${Object.entries(hyperparameters).map(([name, value]) => html`<dt>${name}</dt><dd>${typeof value === 'number' ? shown(value) : JSON.stringify(value)}</dd>`)}
</dl>`;

const metricTable = ({ metrics, primary }: Report): Html => html`<h2>How good it is</h2>
<div class="wide"><table>
<thead><tr><th scope="col">metric</th><th scope="col">test</th><th scope="col">95 % interval</th><th scope="col">training</th><th scope="col">guessing</th></tr></thead>
<tbody>${Object.entries(metrics).map(([name, metric]) => metricRow(name === primary ? `${name} (compared by)` : name, metric))}</tbody>
</table></div>
<p class="soft">Intervals: Wilson's for accuracy, otherwise the test rows drawn anew 2,000 times, with the model as it is. Guessing knows the training targets only.</p>`;

function metricRow(name: string, { test, train, baseline, interval, why }: ReportMetric): Html {
  if (test === null)
    return html`<tr><th scope="row">${name}</th><td>none</td><td class="why" colspan="3">${why}</td></tr>`;
  const range = interval ? `${shown(interval[0])} to ${shown(interval[1])}` : '';
  return html`<tr><th scope="row">${name}</th><td>${shown(test)}</td><td>${range}</td><td>${orNone(train)}</td><td>${orNone(baseline)}</td></tr>`;
}

function plots({ curves = [], residuals, losses }: Report): Html | undefined {
  const drawn = [
    ...curves.slice(0, MOST_CURVES).flatMap((each) => curvePlots(each, curves.length > 1)),
    ...(residuals ? residualPlots(residuals) : []),
    ...(losses ? [lossPlot(losses)] : []),
  ];
  if (drawn.length === 0) return undefined;
  const rest = curves.length - MOST_CURVES;
  return html`<h2>Pictures</h2><div class="plots">${drawn}</div>
${rest > 0 ? html`<p class="soft">The curves of ${rest} other classes are in the report as JSON.</p>` : undefined}`;
}

function confusion({ confusion: counts, labels = [] }: Report): Html | undefined {
  if (counts === undefined) return undefined;
  if (labels.length > MOST_CLASSES)
    return html`<h2>What was taken for what</h2><p class="soft">${labels.length} classes; the table is in the report as JSON.</p>`;
  return html`<h2>What was taken for what</h2>
<div class="wide"><table>
<thead><tr><th scope="col">true, and predicted as</th>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${counts.map((line, k) => html`<tr><th scope="row">${labels[k]}</th>${line.map((count) => html`<td>${count}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

function slices({ slices: all }: Report): Html | undefined {
  if (all.length === 0) return undefined;
  const byColumn = Map.groupBy(all, ({ column }) => column);
  return html`<h2>Slices</h2>${[...byColumn].map(([column, part]) => sliceTable(column, part))}`;
}

const sliceTable = (column: string, part: readonly Slice[]): Html => html`<div class="wide"><table>
<thead><tr><th scope="col">${column}</th><th scope="col">rows</th><th scope="col">${part[0]?.metric}</th><th scope="col">95 % interval</th></tr></thead>
<tbody>${part.map(
  ({ value, count, score, interval, why }) =>
    html`<tr><th scope="row">${value}</th><td>${count}</td><td>${orNone(score)}</td><td>${interval ? `${shown(interval[0])} to ${shown(interval[1])}` : why}</td></tr>`,
)}</tbody></table></div>`;

function importance({ importance: all, primary }: Report): Html | undefined {
  if (all.length === 0) return undefined;
  const tied = all.filter(({ correlated }) => correlated).slice(0, 10);
  return html`<h2>Which columns matter</h2>${importancePlot(all, primary)}
${tied.map(({ feature, correlated }) => html`<p class="soft">${feature} goes with ${correlated?.join(', ')} (|r| over 0.9): shuffling one of them alone shows too little.</p>`)}`;
}

function search({ search: found }: Report): Html | undefined {
  if (found === undefined) return undefined;
  return html`<h2>What was tried</h2>
<p class="soft">${found.trials.length} settings by ${found.folds}-fold cross-validation of the training rows, compared by ${found.metric}.</p>
<div class="wide"><table><tbody>${found.trials.map((trial) => html`<tr><td>${JSON.stringify(trial)}</td></tr>`)}</tbody></table></div>`;
}
