import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFileRefused } from '../../../models/errors.ts';
import { libsvm } from '../../../models/formats/libsvm.ts';
import { referenceFile } from '../../reference.ts';
import { rowsOf, sparseOf } from '../../rows.ts';
import { refusalOf, textFile } from './files.ts';

const classifier = `svm_type c_svc
kernel_type rbf
gamma 0.5
nr_class 2
total_sv 3
rho 0.25
label 1 -1
nr_sv 2 1
SV
1 1:0.5 3:-2
0.5 2:1
-1.5 1:1 2:1e-1 3:.5
`;

const regression = `svm_type epsilon_svr
kernel_type linear
nr_class 2
total_sv 1
rho -3
SV
2 1:10
`;

const read = (text: string, declared = {}) => libsvm.read(textFile('a.model', text), declared);
const predictions = (text: string, table: number[][]) =>
  Array.from(read(text).scorer.score(rowsOf(table)).get('predict')?.data as ArrayLike<number>, Number);

describe('reading a LIBSVM model', () => {
  it('takes names and order of labels from the file, and as many features as its largest index', () => {
    const { kind, features, labels, preparation } = read(classifier);
    expect({ kind, features, labels, preparation }).toEqual({
      kind: 'svm',
      features: ['f1', 'f2', 'f3'],
      labels: { datatype: 'INT64', values: [1, -1] },
      preparation: [],
    });
  });

  it('scores', () => expect(predictions(regression, [[1], [-0.5]])).toEqual([23, -7]));

  it('takes declared features, where they are enough', () => {
    expect(read(classifier, { features: ['a', 'b', 'c', 'd'] }).features).toEqual(['a', 'b', 'c', 'd']);
    expect(refusalOf(() => read(classifier, { features: ['a', 'b'] }))).toBe(
      'drop.json.features must name at least 3 features, the largest index of the model, got an array of 2',
    );
    expect(refusalOf(() => read(classifier, { features: ['a', 'b', 'a'] }))).toBe(
      'drop.json.features[2] must not repeat a name, got "a"',
    );
  });

  it('renames labels in the order of the file', () => {
    expect(read(classifier, { labels: ['yes', 'no'] }).labels).toEqual({ datatype: 'BYTES', values: ['yes', 'no'] });
    expect(refusalOf(() => read(classifier, { labels: ['yes'] }))).toBe(
      'drop.json.labels must name the 2 labels of the model, got an array of 1',
    );
    expect(refusalOf(() => read(regression, { labels: ['a', 'b'] }))).toContain('drop.json.labels must be absent');
  });

  it.each([
    ['CRLF', classifier.replaceAll('\n', '\r\n')],
    ['trailing blanks', classifier.replaceAll('\n', '  \t\n')],
    ['no last line end', classifier.trimEnd()],
    ['blank lines at the end', `${classifier}\n\n`],
    ['tabs', classifier.replaceAll(' ', '\t')],
    [
      'headers in another order',
      classifier.replace('svm_type c_svc\nkernel_type rbf', 'kernel_type rbf\nsvm_type c_svc'),
    ],
    ['density marks, which it ignores', classifier.replace('SV\n', 'prob_density_marks 1 2 3 4 5 6 7 8 9 10\nSV\n')],
  ])('takes %s', (_, text) => {
    expect(libsvm.recognises(textFile('', text).bytes)).toBe(true);
    const rows = rowsOf([[1, 2, 3]]);
    expect(read(text).scorer.score(rows)).toEqual(read(classifier).scorer.score(rows));
  });

  it.each<[string, [string | RegExp, string], string]>([
    ['an unknown type', ['c_svc', 'c_svm'], 'a.model line 1, svm_type must be one of c_svc, nu_svc'],
    [
      'a precomputed kernel',
      ['rbf', 'precomputed'],
      'a.model line 2, kernel_type must not be precomputed: rows are scored by their features; train with -t 0, 1, 2 or 3',
    ],
    ['a kernel of no name', ['rbf', 'wavelet'], 'a.model line 2, kernel_type must be one of linear, polynomial, rbf'],
    [
      'a gamma that is no number',
      ['gamma 0.5', 'gamma nan'],
      'a.model line 3, gamma must be a finite number, got "nan"',
    ],
    ['a hexadecimal number', ['gamma 0.5', 'gamma 0x10'], 'line 3, gamma must be a finite number'],
    ['two gammas', ['gamma 0.5', 'gamma 0.5 1'], 'line 3, gamma must hold 1 value'],
    ['no gamma', ['gamma 0.5\n', ''], 'a.model must state gamma'],
    ['gamma twice', ['nr_class', 'gamma 1\nnr_class'], 'a.model line 4 must not state gamma twice'],
    ['an unknown header', ['nr_class', 'classes'], 'a.model line 4 is no header line of a LIBSVM model, got "classes"'],
    ['one class', ['nr_class 2', 'nr_class 1'], 'line 4, nr_class must be an integer of at least 2, got "1"'],
    ['a broken count', ['nr_class 2', 'nr_class 2.5'], 'line 4, nr_class must be an integer'],
    ['a lying class count', ['nr_class 2', 'nr_class 30000'], 'line 6, rho must hold 449985000 values'],
    [
      'a lying vector count',
      ['total_sv 3', 'total_sv 1000000000'],
      'total_sv must be the number of vectors that follow, 3',
    ],
    ['a negative vector count', ['total_sv 3', 'total_sv -3'], 'total_sv must be an integer of at least 0'],
    ['too many rho', ['rho 0.25', 'rho 0.25 1'], 'line 6, rho must hold 1 value'],
    ['too few labels', ['label 1 -1', 'label 1'], 'line 7, label must hold 2 values'],
    ['a label twice', ['label 1 -1', 'label 1 1'], 'a.model line 7, label[1] must not repeat a name, got "1"'],
    [
      'counts that do not sum',
      ['nr_sv 2 1', 'nr_sv 2 2'],
      'line 8, nr_sv must sum to the 3 vectors that follow, got 4',
    ],
    ['half of Platt', ['nr_sv', 'probA -1\nnr_sv'], 'a.model must state probB'],
    ['no end of the header', ['SV\n', ''], 'a.model line 9 is no header line of a LIBSVM model, got "1"'],
    ['a file cut off in the header', [/label[\s\S]*/, ''], 'a.model ends before the line SV: the file is cut off'],
    [
      'a file cut off in the vectors',
      [/-1.5[\s\S]*/, ''],
      'total_sv must be the number of vectors that follow, 2, got 3',
    ],
    ['a line cut off', ['3:.5\n', '3:'], 'a.model line 12 must hold finite values, got "3:"'],
    ['an index without value', ['2:1e-1', '2'], 'a.model line 12 must hold pairs index:value'],
    ['index 0', ['1:0.5', '0:0.5'], 'line 10 must hold pairs index:value, index from 1 to 2000000, got "0:0.5"'],
    ['a negative index', ['1:0.5', '-1:0.5'], 'line 10 must hold pairs index:value, index from 1'],
    ['a broken index', ['1:0.5', '1.5:0.5'], 'line 10 must hold pairs index:value'],
    ['a huge index', ['3:-2', '4000000000:-2'], 'line 10 must hold pairs index:value, index from 1 to 2000000'],
    ['an index twice', ['3:-2', '1:-2'], 'line 10 must have ascending indices after 1, got "1:-2"'],
    ['a value that is no number', ['3:-2', '3:NaN'], 'line 10 must hold finite values, got "3:NaN"'],
    ['an infinite value', ['3:-2', '3:1e999'], 'line 10 must hold finite values'],
    [
      'a coefficient that is no number',
      ['\n0.5 2:1', '\ninf 2:1'],
      'line 11 must begin with 1 finite coefficient, got "inf"',
    ],
    ['a missing coefficient', ['\n0.5 2:1', '\n2:1'], 'line 11 must begin with 1 finite coefficient, got "2:1"'],
  ])('refuses %s', (_, [from, to], message) => {
    expect(classifier.replace(from, to)).not.toBe(classifier);
    expect(refusalOf(() => read(classifier.replace(from, to)))).toContain(message);
  });

  it('refuses bytes that are not UTF-8', () => {
    const bytes = textFile('', classifier).bytes.slice();
    bytes[bytes.length - 3] = 0xff;
    expect(refusalOf(() => libsvm.read({ name: 'a.model', bytes }, {}))).toContain('a.model must be UTF-8 at byte');
  });

  it('takes or refuses any garbled file, and never fails otherwise', () => {
    const whole = referenceFile('models/libsvm-iris-rbf-b1.model').bytes;
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.constantFrom(...'0 9:.-e\nS\0'),
        fc.boolean(),
        (at, character, truncate) => {
          const bytes = truncate ? whole.slice(0, at) : whole.slice();
          if (!truncate) bytes[at] = character.charCodeAt(0);
          try {
            libsvm.read({ name: 'a.model', bytes }, {});
          } catch (error) {
            expect(error).toBeInstanceOf(ModelFileRefused);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('holds a text model of 50,000 features, and scores sparse rows with it', () => {
    const lines = Array.from(
      { length: 200 },
      (_, i) => `${i % 2 ? -1 : 1} ${1 + i}:1 ${25_000 + i}:0.5 50000:${i / 200}`,
    );
    const header = classifier.slice(0, classifier.indexOf('nr_sv')).replace('total_sv 3', 'total_sv 200');
    const { features, scorer } = read(`${header}nr_sv 100 100\nSV\n${lines.join('\n')}\n`);
    expect(features).toHaveLength(50_000);
    const row = new Float64Array(50_000);
    row[3] = 1;
    row[49_999] = 0.25;
    const rows = { count: 1, width: 50_000, values: row };
    expect(scorer.score(sparseOf(rows))).toEqual(scorer.score(rows));
  });

  it('reads ten megabytes', () => {
    const pairs = Array.from({ length: 100 }, (_, i) => `${1 + 3 * i}:0.${String(i).padStart(9, '1')}`).join(' ');
    const text = `${classifier.slice(0, classifier.indexOf('total_sv'))}total_sv 6000
rho 1
label 1 2
nr_sv 3000 3000
SV
${`0.5 ${pairs}\n`.repeat(6000)}`;
    expect(text.length).toBeGreaterThan(8e6);
    expect(read(text).features).toHaveLength(298);
  });
});
