import { describe, expect, it } from 'vitest';
import { networkTask } from '../../../../models/learning/network/network-task.ts';

const facts = { features: 64, classes: 10, seed: 1 };
const shapeOf = (kind: 'cnn' | 'rnn', shape?: number[], features = 64) =>
  networkTask(kind, shape ? { shape } : {}, { ...facts, features }).shape;

describe('the shape of a row', () => {
  it('is a square image of one channel, or steps of one feature, where nobody says', () => {
    expect(shapeOf('cnn')).toEqual([1, 8, 8]);
    expect(shapeOf('rnn')).toEqual([64, 1]);
  });

  it('is what a person says', () => {
    expect(shapeOf('cnn', [4, 16])).toEqual([1, 4, 16]);
    expect(shapeOf('cnn', [4, 4, 4])).toEqual([4, 4, 4]);
    expect(shapeOf('rnn', [8, 8])).toEqual([8, 8]);
  });

  it('must hold the features, and be of the kind', () => {
    expect(() => shapeOf('cnn', [7, 9])).toThrow('shape must hold the 64 features of a row, got "1x7x9"');
    expect(() => shapeOf('rnn', [2, 4, 8])).toThrow('shape of an rnn must be steps x features');
    expect(() => shapeOf('cnn', undefined, 63)).toThrow('63 features are no square');
    expect(() => shapeOf('cnn', undefined, 1)).toThrow('must be stated');
  });
});

it('options of the other kind are refused', () => {
  expect(() => networkTask('cnn', { cell: 'gru' }, facts)).toThrow('cell is not of a cnn, got "gru"');
  expect(() => networkTask('rnn', { channels: 3 }, facts)).toThrow('channels is not of a rnn, got 3');
});

it('what nobody says is as documented', () => {
  expect(networkTask('rnn', { epochs: 7, shape: [8, 8] }, facts)).toEqual({
    kind: 'rnn',
    shape: [8, 8],
    classes: 10,
    cell: 'rnn',
    channels: 16,
    hidden: 64,
    epochs: 7,
    patience: 10,
    batch: 64,
    rate: 2e-3,
    seed: 1,
  });
});
