import { describe, expect, it } from 'vitest';
import { ModelFileRefused } from '../../../../models/errors.ts';
import { inspectDropped, type OnnxInspection } from '../../../../models/formats/dropped.ts';
import type { Declaration, ModelFile } from '../../../../models/formats/format.ts';
import { decode } from '../../../../models/formats/onnx/decode.ts';
import { referenceFile } from '../../../reference.ts';
import {
  categories,
  DOUBLE,
  doubles,
  endless,
  external,
  FLOAT,
  floats,
  graphOf,
  INT64,
  int,
  ints,
  line,
  longs,
  mapsValue,
  ml,
  node,
  onnx,
  STRING,
  singles,
  tensorOf,
  text,
  value,
  type Written,
} from './written.ts';

const inspected = (bytes: Uint8Array, declared: Declaration = {}, siblings: ModelFile[] = []): OnnxInspection =>
  inspectDropped({ name: 'm.onnx', bytes }, { declared, siblings }) as OnnxInspection;

const refusal = (bytes: Uint8Array, declared: Declaration = {}, siblings: ModelFile[] = []): string => {
  try {
    inspected(bytes, declared, siblings);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileRefused);
    return (error as Error).message;
  }
  return 'not refused';
};

/** One float input `x` of two columns, one output `y` like it. */
const pass = (parts: Written): Uint8Array =>
  onnx({ input: [value('x', FLOAT, ['N', 2])], output: [value('y', FLOAT, ['N', 2])], ...parts });

describe('an ONNX file', () => {
  it.each([
    ['linear', { parameters: 11, multiplyAdds: 10 }],
    ['logistic', { parameters: 650, multiplyAdds: 640 }],
    // 16 and 32 channels of 3 x 3 over 8 x 8 pixels, then 512 x 64 and 64 x 10.
    ['digits-cnn', { parameters: 38_282, multiplyAdds: 16 * 64 * 9 + 32 * 64 * 144 + 512 * 64 + 640 }],
    // Eight steps of 64 x (8 + 64), then 64 x 10; one more float is a constant of the graph.
    ['digits-rnn', { parameters: 5_386 + 1, multiplyAdds: 8 * 64 * 72 + 640 }],
  ])('%s is counted', (name, counts) => {
    const { content } = inspected(referenceFile(`models/${name}.onnx`).bytes);
    expect(content.onnx).toMatchObject({ ...counts, uncounted: [] });
  });

  it('is known by its content, and told with its operators and its inputs', () => {
    const { content } = inspected(referenceFile('models/logistic.onnx').bytes);
    expect(content).toMatchObject({
      format: 'onnx',
      kind: 'onnx',
      labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      signature: {
        inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 64] }],
        outputs: [{ name: 'label' }, { name: 'probabilities', parameters: { labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } }],
      },
      onnx: {
        operators: { 'ai.onnx.ml.LinearClassifier': 1 },
        opsets: { 'ai.onnx': 13, 'ai.onnx.ml': 2 },
        layout: 'matrix',
        roles: { label: 'label', probabilities: 'probabilities' },
      },
    });
    expect(content.features.slice(0, 2)).toEqual(['f0', 'f1']);
  });

  it('takes the names of its features from the drop', () => {
    expect(inspected(line(), { features: ['a', 'b'] }).content.features).toEqual(['a', 'b']);
    expect(refusal(line(), { features: ['a'] })).toContain('must name the 2 features of the model');
  });

  it('does not take the scores of an SVM for probabilities', () => {
    expect(inspected(referenceFile('models/svm-rbf.onnx').bytes).content.onnx?.roles).toEqual({ label: 'label' });
  });

  it('says what it could not count: a product inside a loop', () => {
    const body = {
      name: 'body',
      node: [node('MatMul', ['at', 'w'], ['next']), node('Identity', ['going'], ['goes'])],
      input: [value('i', INT64, []), value('going', 9, []), value('at', FLOAT, ['N', 2])],
      output: [value('goes', 9, []), value('next', FLOAT, ['N', 2])],
    };
    const bytes = pass({
      node: [node('Loop', ['three', '', 'x'], ['y'], graphOf('body', body))],
      initializer: [longs('three', [], [3]), singles('w', [2, 2], [1, 0, 0, 1])],
    });
    expect(inspected(bytes).content.onnx).toMatchObject({ multiplyAdds: 0, uncounted: ['MatMul MatMul_next'] });
  });

  it('follows the shapes that exporters compute', () => {
    const bytes = onnx({
      node: [
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'first'], ['rows']),
        node('Unsqueeze', ['rows', 'axes'], ['rows1']),
        node('Concat', ['rows1', 'rest'], ['target'], int('axis', 0)),
        node('Reshape', ['x', 'target'], ['flat']),
        node('MatMul', ['flat', 'w'], ['y']),
      ],
      initializer: [
        longs('first', [], [0]),
        longs('axes', [1], [0]),
        longs('rest', [1], [-1]),
        singles('w', [6, 5], Array(30).fill(1)),
      ],
      input: [value('x', FLOAT, ['N', 2, 3])],
      output: [value('y', FLOAT, ['N', 5])],
    });
    expect(inspected(bytes).content.onnx).toMatchObject({ multiplyAdds: 30, uncounted: [] });
  });
});

describe('a classifier as scikit-learn exports it', () => {
  it('loses its maps, and keeps its labels', () => {
    const { content, onnx: bytes } = inspected(categories());
    expect(content).toMatchObject({
      features: ['age', 'city'],
      types: { city: 'text' },
      missing: ['age'],
      labels: ['no', 'yes'],
      signature: {
        outputs: [
          { name: 'output_label', datatype: 'BYTES', shape: [-1] },
          { name: 'probabilities', datatype: 'FP32', shape: [-1, 2], parameters: { labels: ['no', 'yes'] } },
        ],
      },
      onnx: {
        layout: 'columns',
        roles: { label: 'output_label', probabilities: 'probabilities' },
        changes: [
          'the maps of output "output_probability" (ZipMap) became the tensor "probabilities", one column a label',
        ],
      },
    });
    expect(decode({ name: 'm', bytes }).graph.node.map(({ opType }) => opType)).not.toContain('ZipMap');
  });

  it('has labels as drop.json says, if they are as many', () => {
    expect(inspected(categories(), { labels: ['stay', 'go'] }).content.labels).toEqual(['stay', 'go']);
    expect(refusal(categories(), { labels: ['a', 'b', 'c'] })).toContain('drop.json.labels must name the 2 labels');
  });

  it('has roles as drop.json says, if they fit', () => {
    const bytes = referenceFile('models/digits-cnn.onnx').bytes;
    const { content } = inspected(bytes, { outputs: { probabilities: 'logits' } });
    expect(content.onnx?.roles).toEqual({ probabilities: 'logits' });
    expect(refusal(bytes, { outputs: { label: 'logits' } })).toContain(
      'drop.json.outputs.label must name an output of',
    );
    expect(refusal(bytes, { outputs: { probabilities: 'nope' } })).toContain('got "nope"');
  });

  it.each([
    ['en_US', text('locale', 'en_US')],
    ['none', undefined],
  ])('gets a locale that every machine has, from %s', (was, locale) => {
    const bytes = onnx({
      node: [node('StringNormalizer', ['x'], ['y'], text('case_change_action', 'LOWER'), ...(locale ? [locale] : []))],
      input: [value('x', STRING, ['N'])],
      output: [value('y', STRING, ['N'])],
    });
    const { content, onnx: served } = inspected(bytes);
    expect(content.onnx?.changes).toEqual([expect.stringMatching(`became "C.UTF-8", from "?${was}`)]);
    expect(new TextDecoder('latin1').decode(served)).toContain('C.UTF-8');
  });

  it('is refused with the remedy where its maps are not at the end', () => {
    const bytes = onnx({
      node: [node('Identity', ['x'], ['y'])],
      input: [value('x', FLOAT, ['N', 2])],
      output: [mapsValue('y', INT64)],
    });
    expect(refusal(bytes)).toContain('options={"zipmap": False}');
  });
});

describe('tensors outside of the file', () => {
  const w = { name: 'm.onnx.data', bytes: new Uint8Array(Float32Array.of(9, 9, 1, 2, 3, 4).buffer) };
  const product = (location: Record<string, string>): Uint8Array =>
    pass({ node: [node('MatMul', ['x', 'w'], ['y'])], initializer: [external('w', [2, 2], location)] });
  const right = { location: 'm.onnx.data', offset: '8', length: '16' };

  it('come in from the sibling that was dropped', () => {
    const { content, onnx: bytes } = inspected(product(right), {}, [w]);
    expect(content.onnx).toMatchObject({ siblings: ['m.onnx.data'], parameters: 4, multiplyAdds: 4 });
    const [tensor] = decode({ name: 'm', bytes }).graph.initializer;
    expect(new Float32Array(Uint8Array.from(tensor?.rawData ?? []).buffer)).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(tensor?.externalData).toEqual([]);
  });

  it.each([
    ['a key file of ours', { location: '../../registry/keys/k.json' }],
    ['an absolute path', { location: '/proc/self/environ' }],
    ['the sibling by a path', { location: './m.onnx.data' }],
    ['the sibling with a NUL', { location: 'm.onnx.data\0' }],
    ['no place', {}],
  ])('are refused where they name %s', (_, location) => {
    expect(refusal(product(location as Record<string, string>), {}, [w])).toContain(
      'must be the bare name of a .data file',
    );
  });

  it.each([
    ['longer than the sibling', { ...right, length: '17' }, 'must lie inside the 24 bytes'],
    ['beyond its end', { ...right, offset: '25' }, 'must lie inside the 24 bytes'],
    ['a negative offset', { ...right, offset: '-8' }, 'must be a whole number'],
    ['another length than its shape', { ...right, length: '12' }, 'must bring the 4 elements'],
  ])('are refused with %s', (_, location, why) => {
    expect(refusal(product(location), {}, [w])).toContain(why);
  });

  const secret = external('s', [1], { location: '/etc/passwd' });
  const inner = {
    name: 'inner',
    node: [node('Identity', ['s'], ['o'])],
    initializer: [secret],
    output: [value('o', FLOAT, [1])],
  };
  it.each<[string, Uint8Array]>([
    [
      'an initializer of a graph inside a node',
      pass({ node: [node('If', ['x'], ['y'], graphOf('then_branch', inner))] }),
    ],
    ['a constant', pass({ node: [node('Constant', [], ['y'], tensorOf('value', secret))] })],
    [
      'a constant inside a graph inside a node',
      pass({
        node: [
          node(
            'If',
            ['x'],
            ['y'],
            graphOf('then_branch', { node: [node('Constant', [], ['o'], tensorOf('value', secret))] }),
          ),
        ],
      }),
    ],
    [
      'a sparse initializer',
      pass({ node: [node('Identity', ['x'], ['y'])], sparseInitializer: [{ values: secret, dims: [2n] }] }),
    ],
    [
      'a function',
      pass({
        node: [{ ...node('F', ['x'], ['y']), domain: 'own' }],
        functions: [{ name: 'F', domain: 'own', node: [node('Constant', [], ['o'], tensorOf('value', secret))] }],
      }),
    ],
    [
      "a function's default attribute",
      pass({
        node: [{ ...node('F', ['x'], ['y']), domain: 'own' }],
        functions: [{ name: 'F', domain: 'own', attributeProto: [tensorOf('value', secret)] }],
      }),
    ],
  ])('are found in %s', (_, bytes) => {
    expect(refusal(bytes)).toContain('must be the bare name of a .data file');
  });
});

describe('a hostile or broken file', () => {
  it('that says more than it brings is refused', () => {
    const bytes = pass({
      node: [node('Identity', ['x'], ['y'])],
      initializer: [{ name: 'w', dataType: FLOAT, dims: [1_000_000n, 1_000n], floatData: [1] }],
    });
    expect(refusal(bytes)).toContain('"w" must bring the 1000000000 elements of its shape [1000000,1000], got 1');
  });

  it('with a negative dimension is refused', () => {
    const initializer = [{ name: 'w', dataType: FLOAT, dims: [-1n], floatData: [1] }];
    expect(refusal(pass({ node: [node('Identity', ['x'], ['y'])], initializer }))).toContain('must be >= 0');
  });

  it('that would swell to gigabytes is refused where the shape is known', () => {
    const bytes = pass({
      node: [node('ConstantOfShape', ['wide'], ['huge']), node('Identity', ['x'], ['y'])],
      initializer: [longs('wide', [2], [32_768, 32_768])],
    });
    expect(refusal(bytes)).toContain('tensor "huge" must have at most 134217728 elements for one row, got 1073741824');
  });

  it.each([
    ['an operator set that is too new', pass({ node: [node('Relu', ['x'], ['y'])], opset: 27 }), 'must be at most 26'],
    ['a form that is too new', pass({ node: [node('Relu', ['x'], ['y'])], ir: 14 }), 'ir_version must be at most 13'],
    [
      "somebody's own operator",
      pass({ node: [{ ...node('Run', ['x'], ['y']), domain: 'ai.onnx.contrib' }] }),
      'custom operators are code',
    ],
    [
      'a domain named as what objects inherit',
      pass({ node: [{ ...node('Run', ['x'], ['y']), domain: 'constructor' }] }),
      'custom operators are code',
    ],
    [
      'no input',
      onnx({ node: [node('Identity', ['x'], ['y'])], output: [value('y', FLOAT, [1])] }),
      'graph.input must not be empty',
    ],
    [
      'an input of no shape',
      onnx({
        node: [],
        input: [{ name: 'x', type: { value: { case: 'tensorType', value: { elemType: FLOAT } } } }],
        output: [value('y', FLOAT, [1])],
      }),
      'must state its shape',
    ],
    [
      'an input that is a sequence',
      onnx({ node: [], input: [mapsValue('x', INT64)], output: [value('y', FLOAT, [1])] }),
      'input "x" must be a tensor, got "sequence"',
    ],
    [
      'an input of a datatype that nobody can send',
      onnx({ node: [], input: [value('x', 16, [1])], output: [value('y', FLOAT, [1])] }),
      'must be of a datatype',
    ],
  ])('with %s is refused', (_, bytes, why) => {
    expect(refusal(bytes)).toContain(why);
  });

  it('with functions of its own is taken', () => {
    const bytes = pass({
      node: [{ ...node('Twice', ['x'], ['y']), domain: 'own' }],
      opsets: [{ domain: 'own', version: 1n }],
      functions: [
        { name: 'Twice', domain: 'own', input: ['a'], output: ['b'], node: [node('Add', ['a', 'a'], ['b'])] },
      ],
    });
    expect(inspected(bytes).content.onnx?.operators).toEqual({ Add: 1, 'own.Twice': 1 });
  });

  it('cut off anywhere behind its first words is refused as damaged', () => {
    const bytes = referenceFile('models/digits-cnn.onnx').bytes;
    for (const share of [0.01, 0.3, 0.5, 0.99]) {
      expect(refusal(bytes.subarray(0, Math.floor(bytes.length * share)))).toContain('damaged or cut off');
    }
  });

  it('with flipped bytes is refused by words, or read', () => {
    for (const whole of [line(), categories(), endless(), referenceFile('models/logistic.onnx').bytes]) {
      for (let at = 0; at < Math.min(whole.length, 400); at += 3) {
        const bytes = Uint8Array.from(whole);
        bytes[at] = (bytes[at] as number) ^ 0x41;
        try {
          inspected(bytes);
        } catch (error) {
          expect(error, `byte ${at}`).toBeInstanceOf(ModelFileRefused);
        }
      }
    }
  });

  it('with labels that are written twice is refused', () => {
    const bytes = onnx({
      node: [
        ml('LinearClassifier', ['x'], ['l', 'p'], floats('coefficients', 1, 2, 3, 4), ints('classlabels_ints', 1, 1)),
      ],
      input: [value('x', FLOAT, ['N', 2])],
      output: [value('l', INT64, ['N']), value('p', FLOAT, ['N', 2])],
    });
    expect(refusal(bytes)).toContain('must not repeat a name');
  });
});

describe('rows', () => {
  it.each([
    ['one input a feature', [value('a', DOUBLE, ['N']), value('b', INT64, ['N', 1])], 'columns', ['a', 'b']],
    ['one matrix', [value('a', DOUBLE, ['N', 3])], 'matrix', ['f0', 'f1', 'f2']],
    ['a picture', [value('a', DOUBLE, ['N', 1, 8, 8])], 'tensors', ['a']],
    ['sequences of any length', [value('a', INT64, ['N', 'T'])], 'tensors', ['a']],
    ['two matrices', [value('a', DOUBLE, ['N', 3]), value('b', DOUBLE, ['N', 3])], 'tensors', ['a', 'b']],
  ])('of a model that takes %s', (_, input, layout, features) => {
    const bytes = onnx({
      node: [node('Identity', ['a'], ['y'])],
      initializer: [doubles('unused', [1], [0])],
      input: input as NonNullable<Written['input']>,
      output: [value('y', DOUBLE, ['N'])],
    });
    const { content } = inspected(bytes);
    expect([content.onnx?.layout, content.features]).toEqual([layout, features]);
  });

  it('have no features by name where the inputs have names', () => {
    expect(refusal(categories(), { features: ['x', 'y'] })).toContain('drop.json.features must be absent');
  });

  it('may hold texts', () => {
    expect(inspected(categories()).content.signature.inputs.map(({ datatype }) => datatype)).toEqual(['FP32', 'BYTES']);
  });
});
