import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Seconds of one trainer for so many rows. */
export interface Point {
  readonly trainer: string;
  readonly rows: number;
  readonly seconds: number;
}

/** An SVG of seconds by rows, both logarithmic, a line a trainer. */
export function growthPlot(points: readonly Point[], title: string): string {
  const { document } = parseHTML('<html></html>');
  const sizes = [...new Set(points.map(({ rows }) => rows))];
  const last = [...new Map(points.map((point) => [point.trainer, point])).values()];
  const svg = Plot.plot({
    width: 720,
    height: 420,
    marginRight: 90,
    style: { background: 'white', fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
    // Plot asks a document for elements only.
    document: document as Plot.PlotOptions['document'],
    x: { type: 'log', label: 'rows', ticks: sizes, tickFormat: (rows: number) => rows.toLocaleString('en') },
    y: { type: 'log', label: 'seconds of the processor', grid: true, tickFormat: (seconds: number) => String(seconds) },
    color: { domain: last.map(({ trainer }) => trainer), scheme: 'Observable10' },
    marks: [
      Plot.line([...points], {
        x: 'rows',
        y: 'seconds',
        z: 'trainer',
        stroke: 'trainer',
        strokeWidth: 2,
        curve: 'linear',
      }),
      Plot.dot([...points], { x: 'rows', y: 'seconds', fill: 'trainer', r: 3.5 }),
      Plot.text(last, {
        x: 'rows',
        y: 'seconds',
        text: 'trainer',
        fill: 'trainer',
        dx: 8,
        textAnchor: 'start',
      }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  return svg.outerHTML;
}
