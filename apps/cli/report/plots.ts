import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Curves, Importance, Point, Report, ThresholdReport } from '../../../models/learning/report/report.ts';
import { Html, harmless, html } from './html.ts';

/** As wide as they are shown, so that letters keep their size. */
const [NARROW, WIDTH, WHOLE, HEIGHT] = [310, 470, 960, 280];
const [INK, ACCENT, OTHER, LINE] = ['currentColor', 'var(--accent)', 'var(--other)', 'var(--soft)'];
const MOST_BARS = 30;
/** Longer names would leave no room for bars. */
const LONGEST_NAME = 22;

/** One plot with its title in words, for readers who can't see it. */
function figure(caption: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<html></html>');
  const svg = Plot.plot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 46,
    marginTop: 28,
    marginBottom: 40,
    insetTop: 4,
    style: { background: 'none', color: INK, fontFamily: 'inherit', fontSize: '12px' },
    // Plot asks a document for elements only.
    document: document as Plot.PlotOptions['document'],
    ...options,
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', caption);
  return html`<figure>${new Html(svg.outerHTML)}<figcaption>${caption}</figcaption></figure>`;
}

const share = { domain: [0, 1], grid: true } as const;
const diagonal = (): Plot.Markish =>
  Plot.line(
    [
      [0, 0],
      [1, 1],
    ],
    { stroke: LINE, strokeDasharray: '4 4' },
  );
const xy = (points: readonly Point[]): [number, number][] => points.map(([x, y]) => [x, y]);

/** ROC, precision-recall and calibration of one class. */
export const curvePlots = ({ label, roc, pr, calibration }: Curves): Html[] => {
  const of = ` of ${shortened(String(label))}`;
  return [
    figure(`ROC${of}: hits against false alarms; the dashed line is guessing`, {
      width: NARROW,
      x: { ...share, label: 'false positive rate' },
      y: { ...share, label: 'true positive rate' },
      marks: [diagonal(), Plot.line(xy(roc), { stroke: ACCENT, strokeWidth: 2, curve: 'linear' })],
    }),
    figure(`Precision and recall${of}`, {
      width: NARROW,
      x: { ...share, label: 'recall' },
      y: { ...share, label: 'precision' },
      marks: [Plot.line(xy(pr), { stroke: ACCENT, strokeWidth: 2, curve: 'step-before' })],
    }),
    figure(
      `Calibration${of}: how often it came true, in ten bins of equal count; on the dashed line, as often as it was said`,
      {
        width: NARROW,
        x: { ...share, label: 'predicted probability' },
        y: { ...share, label: 'observed share' },
        marks: [
          diagonal(),
          Plot.line([...calibration], { x: 'predicted', y: 'observed', stroke: ACCENT, strokeWidth: 2 }),
          Plot.dot([...calibration], { x: 'predicted', y: 'observed', fill: ACCENT, r: 3.5 }),
        ],
      },
    ),
  ];
};

/** Predicted against true, and what is left. */
export function residualPlots(residuals: NonNullable<Report['residuals']>): Html[] {
  const rows = residuals.map(({ truth, predicted }) => ({ truth, predicted, residual: truth - predicted }));
  const values = rows.flatMap(({ truth, predicted }) => [truth, predicted]);
  const ends = [Math.min(...values), Math.max(...values)] as const;
  const dot = { fill: ACCENT, fillOpacity: 0.6, r: 3 };
  return [
    figure('Predicted against true: on the dashed line a prediction is right', {
      x: { label: 'true', grid: true },
      y: { label: 'predicted', grid: true },
      marks: [
        Plot.line(
          [
            [ends[0], ends[0]],
            [ends[1], ends[1]],
          ],
          { stroke: LINE, strokeDasharray: '4 4' },
        ),
        Plot.dot(rows, { x: 'truth', y: 'predicted', ...dot }),
      ],
    }),
    figure('Residuals, true less predicted: a pattern is something that the model has not learned', {
      x: { label: 'predicted', grid: true },
      y: { label: 'residual', grid: true },
      marks: [Plot.ruleY([0], { stroke: LINE }), Plot.dot(rows, { x: 'predicted', y: 'residual', ...dot })],
    }),
  ];
}

/** What a row costs by threshold; the line is the one that is used. */
export const costPlot = ({ curve, value, positive }: ThresholdReport): Html =>
  figure(
    `Mean cost of a test row by threshold on the probability of ${shortened(String(positive))}; the upright line is the threshold`,
    {
      width: WHOLE,
      x: { ...share, label: 'threshold' },
      y: { label: 'mean cost', grid: true, zero: true },
      marks: [
        Plot.ruleX([value], { stroke: OTHER, strokeWidth: 2 }),
        Plot.line(xy(curve), { stroke: ACCENT, strokeWidth: 2, curve: 'step-before' }),
      ],
    },
  );

/** Bars from the most important down, with one standard deviation over the shuffles. */
export function importancePlot(importance: readonly Importance[], primary: string): Html {
  const shown = importance
    .slice(0, MOST_BARS)
    .map(({ feature, ...rest }, i) => ({ ...rest, name: `${shortened(feature)}${'\u200b'.repeat(i)}` }));
  const rest = importance.length - shown.length;
  return figure(
    `How much worse ${primary} becomes where one column is shuffled${rest > 0 ? `; ${rest} other columns matter less` : ''}`,
    {
      height: 70 + 20 * shown.length,
      width: WHOLE,
      marginLeft: 150,
      x: { label: `rise of ${primary}`, grid: true },
      y: {
        label: null,
        domain: shown.map(({ name }) => name),
        tickFormat: (name: string) => name.replaceAll('\u200b', ''),
      },
      marks: [
        Plot.barX(shown, { x: 'drop', y: 'name', fill: ACCENT }),
        Plot.ruleY(shown, {
          x1: (d) => d.drop - d.deviation,
          x2: (d) => d.drop + d.deviation,
          y: 'name',
          stroke: OTHER,
          strokeWidth: 2,
        }),
        Plot.ruleX([0]),
      ],
    },
  );
}

/** Of gradient descent. */
export const lossPlot = (losses: readonly number[]): Html =>
  figure('Loss by iteration', {
    x: { label: 'iteration' },
    y: { label: 'mean squared error', grid: true },
    marks: [
      Plot.line(
        losses.map((loss, i) => [i + 1, loss] as [number, number]),
        { stroke: ACCENT, strokeWidth: 2 },
      ),
    ],
  });

function shortened(name: string): string {
  const text = harmless(name);
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}
