import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../../apps/cli/report/page.ts';
import { STYLE } from '../../../../apps/cli/report/style.ts';
import type { Report } from '../../../../models/learning/report/report.ts';
import { tableOf, times, trainOn } from '../../../models/learning/tables.ts';
import { seeded } from '../../../seeded.ts';

const next = seeded(2);
const x = times(200, next);
const NASTY = `<img src=x onerror="alert('1')">&\u202e`;

const regression = trainOn(
  tableOf({ x, z: times(200, next), y: x.map((value) => 3 * value + next()), part: times(200, (i) => i % 2) }),
  { target: 'y', kind: 'ridge', alpha: [0.1, 1], slice: ['part'] },
).report();
const binary = trainOn(tableOf({ x, y: x.map((value) => (value + next() > 1 ? 'yes' : 'no')) }), {
  target: 'y',
  kind: 'logistic',
  costFalseNegative: 3,
}).report();
const many = trainOn(tableOf({ x, z: times(200, next), y: x.map((value) => `c${Math.floor(5 * value)}`) }), {
  target: 'y',
  kind: 'logistic',
}).report();
const nasty = trainOn(
  tableOf({
    [NASTY]: times(200, (i) => `${NASTY}${i % 3}`),
    '\u202e<b>': x,
    y: x.map((value) => (value > 0.4 ? NASTY : 'no')),
  }),
  { target: 'y', kind: 'logistic', slice: [NASTY] },
).report();

const documentOf = (report: Report) => parseHTML(reportPage(report)).document;
const captions = (report: Report) =>
  [...documentOf(report).querySelectorAll('figcaption')].map(({ textContent }) => textContent ?? '');
const headings = (report: Report) =>
  [...documentOf(report).querySelectorAll('h2')].map(({ textContent }) => textContent);

describe('the page', () => {
  it('of numbers shows predictions, residuals, importance, slices and the search', () => {
    expect(headings(regression)).toEqual([
      'How good it is',
      'How it answers',
      'Which columns matter',
      'Slices',
      'What was tried',
      'How it was done',
    ]);
    expect(captions(regression)).toEqual([
      expect.stringContaining('Predicted against true'),
      expect.stringContaining('Residuals'),
      expect.stringContaining('RMSE becomes where one column is shuffled'),
    ]);
  });

  it('of two classes shows curves, confusion, and what thresholds cost', () => {
    expect(headings(binary)).toContain('When it says yes');
    expect(captions(binary)).toEqual([
      expect.stringContaining('ROC of yes'),
      expect.stringContaining('Precision and recall of yes'),
      expect.stringContaining('Calibration of yes'),
      expect.stringContaining('Mean cost of a test row'),
      expect.stringContaining('log loss becomes'),
    ]);
    expect(reportPage(binary)).toContain('a false negative 3');
  });

  it('of many classes shows the curves of some, and says where the others are', () => {
    expect(captions(many).filter((caption) => caption.startsWith('ROC'))).toHaveLength(3);
    expect(reportPage(many)).toContain('The curves of 2 other classes are in the report as JSON.');
    expect(documentOf(many).querySelectorAll('.heat tbody td')).toHaveLength(25);
  });

  it('has its styles, for light and dark', () => {
    const styles = [...documentOf(regression).querySelectorAll('head style')].map(({ textContent }) => textContent);
    expect(styles).toEqual([STYLE]);
    expect(STYLE).toContain('prefers-color-scheme: dark');
  });

  it.each([
    ['numbers', regression],
    ['two classes', binary],
    ['names full of HTML', nasty],
  ])('of %s has no script, and asks nobody for anything', (_, report) => {
    const text = reportPage(report);
    const document = documentOf(report);
    expect(
      document.querySelectorAll('script, img, link, iframe, object, embed, base, form, foreignObject'),
    ).toHaveLength(0);
    for (const element of document.querySelectorAll('*')) {
      const names = [...element.attributes].map(({ name }) => name.toLowerCase());
      expect(names.filter((name) => name.startsWith('on') || ['src', 'href', 'xlink:href'].includes(name))).toEqual([]);
    }
    expect(text).not.toMatch(/url\(|@import|javascript:/i);
    expect(
      [...text.matchAll(/https?:\/\/[^"'\s<]+/g)]
        .map(([url]) => url)
        .filter((url) => !url.startsWith('http://www.w3.org/')),
    ).toEqual([]);
    expect(document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    );
  });

  it('writes names as they are, and never as HTML', () => {
    const text = reportPage(nasty);
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=');
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  it('says first what looks wrong', () => {
    const leaky = trainOn(tableOf({ x, twin: x.map((v) => 2 * v), y: x }), { target: 'y', kind: 'ridge' }).report();
    const notes = [...documentOf(leaky).querySelectorAll('.note')].map(({ textContent }) => textContent);
    expect(notes[0]).toContain('beats guessing');
    expect(notes.slice(1).join()).toContain('twin alone tells the target');
    const split = { train: Int32Array.from(times(150, (i) => i)), test: Int32Array.from(times(50, (i) => 150 + i)) };
    const oneSided = trainOn(
      tableOf({ x, y: x.map((v, i) => (i < 150 && v > 0.5 ? 'rare' : 'usual')) }),
      { target: 'y' },
      split,
    );
    expect(oneSided.findings.warnings).toEqual([
      'the test rows hold none of rare: how well that is recognised is not known',
    ]);
    expect(oneSided.result).toMatchObject({
      metrics: { auc: null },
      reasons: { auc: 'AUC needs rows of both classes' },
    });
    expect(reportPage(oneSided.report())).toContain('the test rows hold none of rare');
  });
});

it('every figure of the page can be had as JSON: nothing is NaN or infinite', () => {
  for (const report of [regression, binary, many, nasty]) expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

/** WCAG 2.1: contrast of two colours. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const long = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
    const [r, g, b] = [0, 2, 4].map((at) => {
      const share = Number.parseInt(long.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe('colours', () => {
  const [light, dark] = STYLE.split('@media (prefers-color-scheme: dark)').map((part) =>
    Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{3,6})/g)].map(([, name, value]) => [name, value])),
  ) as [Record<string, string>, Record<string, string>];

  it.each([
    ['light', light],
    ['dark', dark],
  ])('of text stand out from their ground by 4.5 to 1 in the %s', (_, colours) => {
    for (const ground of ['page', 'card', 'good-card', 'bad-card'])
      for (const text of ['ink', 'soft'])
        expect(contrast(colours[text] as string, colours[ground] as string), `${text} on ${ground}`).toBeGreaterThan(
          4.5,
        );
    for (const mark of ['accent', 'other', 'good', 'bad'])
      expect(contrast(colours[mark] as string, colours.card as string), mark).toBeGreaterThan(3);
  });
});
