import { dense, embedding, GraphBuilder, heUniform, type Model } from '@anneal/onnx';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabError } from '../../labError.ts';
import { csvRows } from './csvRows.ts';
import { ExampleCollector } from './examples.ts';
import { fieldsOf } from './fields.ts';
import { checkImageOptions, imageForm, imageTensor } from './imageTensor.ts';
import { jsonLine } from './jsonLine.ts';
import { ownLossNamed } from './ownLoss.ts';

const classifier = (batch: string | number = 'batch'): Model => {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [batch, 2]);
  g.output('logits', dense(g, x, { name: 'fc', inputs: 2, outputs: 3, weight: heUniform(1) }), {
    type: 'float32',
    dims: ['batch', 3],
  });
  return g.model();
};
const language = (): Model => {
  const g = new GraphBuilder();
  const tokens = g.input('tokens', 'int64', ['batch', 'length']);
  const x = embedding(g, tokens, { name: 'emb', count: 5, width: 4, weight: heUniform(1) });
  g.output('logits', x, { type: 'float32', dims: ['batch', 'length', 4] });
  return g.model();
};
const softmax = ownLossNamed('softmaxCrossEntropy');
const collector = (model = classifier(), loss = 'softmaxCrossEntropy', target?: string): ExampleCollector =>
  new ExampleCollector(fieldsOf(model, ownLossNamed(loss), { target }), 7);
const place = { file: 'mine.jsonl', line: 4 };

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect((error as LabError).code).toBe('data');
    return (error as Error).message;
  }
  return 'nothing was thrown';
};

describe('a wrong example is refused by file, line and field:', () => {
  test.each<[object, string]>([
    [{ x: [1, 2] }, 'labels is missing; the example holds x'],
    [{ labels: 0 }, 'x is missing; the example holds labels'],
    [{ x: [1], labels: 0 }, 'x must have the shape [2]; received [1]'],
    [{ x: [[1, 2]], labels: 0 }, 'x must have the shape [2]; received [1, 2]'],
    [{ x: [1, [2]], labels: 0 }, 'x must have rows of one length; received rows of no, 1 elements'],
    [{ x: 3, labels: 0 }, 'x must have the shape [2]; received 3'],
    [{ x: [1, '2'], labels: 0 }, 'x must hold finite numbers; received "2"'],
    [{ x: [1, null], labels: 0 }, 'x must hold finite numbers; received null'],
    [{ x: [1, Infinity], labels: 0 }, 'x must hold finite numbers; received Infinity'],
    [{ x: [1, -1e39], labels: 0 }, 'x must hold numbers of float32, 3.4e38 at most; received -1e+39'],
    [{ x: [1, 2], labels: 3 }, 'labels must hold numbers from 0 to 2, the classes; received 3'],
    [{ x: [1, 2], labels: -1 }, 'labels must hold numbers from 0 to 2, the classes; received -1'],
    [{ x: [1, 2], labels: 0.5 }, 'labels must hold whole numbers of int64; received 0.5'],
    [{ x: [1, 2], labels: true }, 'labels must hold finite numbers, or the name of a class; received true'],
    [{ x: [1, 2], labels: 0, split: 'val' }, 'split must be train, validation or test; received "val"'],
  ])('%j', (example, sentence) => {
    expect(message(() => collector().add(example as never, place))).toBe(`mine.jsonl:4: ${sentence}`);
  });

  test('a row of a table that there is not, a sequence of another length', () => {
    const examples = collector(language());
    const add = (tokens: number[], labels: number[]) => (): void => examples.add({ tokens, labels }, place);
    expect(message(add([0, 5], [0, 0]))).toBe(
      'mine.jsonl:4: tokens must hold numbers from 0 to 4, the rows of its table; received 5',
    );
    add([0, 4], [-100, 3])();
    expect(message(() => examples.add({ tokens: [1, 2, 3], labels: [1, 2, 3] }, { file: 'b.jsonl', line: 9 }))).toBe(
      'b.jsonl:9: tokens must have the shape [2], as in mine.jsonl:4; received [3]',
    );
  });

  test('a share beyond 1', () => {
    expect(
      message(() => collector(classifier(), 'binaryCrossEntropy').add({ x: [1, 2], labels: [0, 1, 2] }, place)),
    ).toBe('mine.jsonl:4: labels must hold numbers in [0, 1]; received 2');
  });

  test.each([
    ['{"x": [1,', 'the line must be JSON: '],
    ['[1, 2]', 'the line must be a JSON object, {"field": value, …}; received [1,2]'],
    ['NaN', 'the line must be JSON: '],
  ])('the line %s', (line, sentence) => {
    expect(message(() => jsonLine(line, place))).toContain(`mine.jsonl:4: ${sentence}`);
  });
});

describe('a set of examples', () => {
  const filled = (count: number, change: (i: number) => object = () => ({})): ExampleCollector => {
    const examples = collector();
    for (let i = 0; i < count; i += 1) examples.add({ x: [i, -i], labels: i % 3, ...change(i) }, place);
    return examples;
  };

  test('is dealt out by a seed: everything once, each class its share', () => {
    const { splits } = filled(300).finish('mine');
    const rows = Object.values(splits).flatMap(({ x }) =>
      Array.from(x!.data as Float32Array).filter((_, i) => i % 2 === 0),
    );
    expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    for (const [split, size] of [
      ['train', 240],
      ['validation', 30],
      ['test', 30],
    ] as const) {
      const labels = Array.from(splits[split]['labels']!.data as BigInt64Array, Number);
      for (const label of [0, 1, 2]) expect(labels.filter((one) => one === label).length).toBe(size / 3);
    }
    expect(filled(300).finish('mine')).toEqual({ splits });
  });

  test('is dealt out whatever its size is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (count) => {
        const { splits } = filled(count).finish('mine');
        const sizes = Object.values(splits).map(({ x }) => x!.dims[0] as number);
        expect(sizes.reduce((a, b) => a + b)).toBe(count);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      }),
    );
  });

  test('says by a field where each belongs', () => {
    const { splits } = filled(6, (i) => ({ split: ['train', 'validation', 'test'][i % 3] })).finish('mine');
    expect(Array.from(splits.validation['x']!.data as Float32Array)).toEqual([1, -1, 4, -4]);
    expect(message(() => filled(4, (i) => (i < 2 ? { split: 'train' } : {})))).toBe(
      'mine.jsonl:4: split must stand in every example or in none',
    );
    expect(message(() => filled(4, () => ({ split: 'train' })).finish('mine'))).toBe(
      'mine: no example belongs to validation; each of train, validation and test needs one',
    );
    expect(message(() => filled(2).finish('mine'))).toBe(
      'mine: at least 3 examples are needed, one for each split; received 2',
    );
  });

  test('may name its classes, which are numbered by the alphabet', () => {
    const names = ['pear', 'apple', 'fig'];
    const examples = filled(9, (i) => ({
      labels: names[i % 3],
      split: i < 6 ? 'train' : i < 8 ? 'validation' : 'test',
    })).finish('mine');
    expect(examples.classes).toEqual(['apple', 'fig', 'pear']);
    expect(examples.splits.train['labels']!.data).toEqual(BigInt64Array.of(2n, 0n, 1n, 2n, 0n, 1n));
    expect(message(() => filled(9, (i) => ({ labels: i < 5 ? 'pear' : 1 })).finish('mine'))).toBe(
      'mine.jsonl:4: labels must be a name, as in the examples before; received 1',
    );
    expect(message(() => filled(9, (i) => ({ labels: `class ${i}` })).finish('mine'))).toBe(
      'mine: labels holds 9 names of classes (class 0, class 1, class 2, class 3, class 4…), and the model tells 3 apart',
    );
  });

  test('holds sequences of any length that is the same in all', () => {
    const examples = collector(language());
    for (let i = 0; i < 3; i += 1) examples.add({ tokens: [i, i], labels: [1, -100] }, place);
    const { train } = examples.finish('mine').splits;
    expect(train['tokens']!.dims).toEqual([1, 2]);
    expect(train['tokens']!.data).toBeInstanceOf(BigInt64Array);
  });
});

describe('a model', () => {
  test.each<[string, () => unknown, string]>([
    [
      'with a fixed batch',
      () => fieldsOf(classifier(1), softmax),
      'model: the first axis of the input "x" must count examples; it is 1: export the model with a dynamic batch',
    ],
    [
      'without the output named',
      () => fieldsOf(classifier(), softmax, { output: 'scores' }),
      'model: there is no output "scores"; it has "logits"',
    ],
    [
      'that reads the target itself',
      () => fieldsOf(classifier(), softmax, { target: 'x' }),
      'model: it reads "x", which the loss is to be compared with; name another field for the loss',
    ],
  ])('%s is refused', (_, run, sentence) => {
    expect(message(run)).toBe(sentence);
  });
});

describe('a CSV file', () => {
  const fields = fieldsOf(classifier(), softmax);
  const read = (text: string, use = fields) =>
    csvRows(text, 'mine.csv', use).map(({ example, place: { line } }) => [line, example]);

  test('holds columns in any order, quoted or not; those that no field names are the one input', () => {
    expect(read('labels,width,height\n2,1.5,-1\n"0"," 1e3",2\n')).toEqual([
      [2, { x: [1.5, -1], labels: 2 }],
      [3, { x: [1000, 2], labels: 0 }],
    ]);
    expect(read('\ufeffx[1],note,labels,x[0],split\r\n1,"a, b",fig,2,test\r\n')).toEqual([
      [2, { x: [2, 1], labels: 'fig', split: 'test' }],
    ]);
  });

  test.each([
    ['', 'mine.csv:1: the first line must name the columns; the file is empty'],
    [
      'a,labels\n1,2',
      'mine.csv:1: x must have a column of this name, or columns x[0] to x[1]; the columns are a, labels',
    ],
    [
      'a,b\n1,2',
      'mine.csv:1: labels must have a column of this name, or columns labels[0] to labels[0]; the columns are a, b',
    ],
    ['a,a,labels\n', 'mine.csv:1: a must name one column; it names two'],
    ['a,b,labels\n1,,2', 'mine.csv:2: b must hold a value; it is empty'],
    ['a,b,labels\n1,2,0\n1,many,2', 'mine.csv:3: b must hold a number; received "many"'],
    ['a,b,labels\n1,2', 'mine.csv:2: the row must be CSV: Invalid Record Length: expect 3, got 2 on line 2'],
    ['a,b,labels\n1,"2,0', 'mine.csv:2: the row must be CSV: Quote Not Closed'],
  ])('is refused by line and column: %j', (text, sentence) => {
    expect(message(() => read(text))).toContain(sentence);
  });
});

describe('an image', () => {
  const form = (dims: (number | string)[], channels = 3) => {
    const g = new GraphBuilder();
    g.output('logits', g.input('image', 'float32', ['batch', ...dims]), { type: 'float32', dims: ['batch', channels] });
    return imageForm(fieldsOf(g.model(), softmax));
  };
  const red = { width: 2, height: 1, rgba: Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 0) };

  test('is laid out as the model has its channels', () => {
    expect(imageTensor(red, form([3, 1, 2]))).toEqual({ dims: [3, 1, 2], data: Float32Array.of(1, 1, 0, 1, 0, 1) });
    expect(imageTensor(red, form(['h', 'w', 3]))).toEqual({ dims: [1, 2, 3], data: Float32Array.of(1, 0, 0, 1, 1, 1) });
    expect(imageTensor(red, form([1, 'h', 'w'])).data).toEqual(Float32Array.of(0.299, 1));
    expect(imageTensor(red, form([1, 'h', 'w']), { mean: [0.5], deviation: [0.5] }).data[1]).toBe(1);
  });

  test('keeps its mean and its colour when its size changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 0, max: 255 }),
        (h, w, grey) => {
          const rgba = Uint8Array.from({ length: 4 * 5 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey));
          const { data } = imageTensor({ width: 5, height: 4, rgba }, form([1, h, w]));
          expect(data.length).toBe(h * w);
          for (const value of data) expect(value).toBeCloseTo(grey / 255, 6);
        },
      ),
    );
    // Halved, each pixel is the triangle's mean of its neighbours: 1/8, 3/8, 3/8, 1/8, cut at the edge and divided by what is left.
    const row = Uint8Array.from([0, 0, 255, 255].flatMap((v) => [v, v, v, 255]));
    const half = imageTensor({ width: 4, height: 1, rgba: row }, form([1, 1, 2])).data;
    expect(half[0]).toBeCloseTo(1 / 7);
    expect(half[1]).toBeCloseTo(6 / 7);
  });

  test.each([
    [{ mean: [0.5] }, 'mean must be one number for each of the 3 channels; received 0.5'],
    [{ deviation: [1, 0, 1] }, 'deviation must be one number > 0 for each of the 3 channels; received 1, 0, 1'],
    [{ mean: [0, 0, Number.NaN] }, 'mean must be one number for each of the 3 channels; received 0, 0, NaN'],
  ])('is not shifted and scaled by %j', (options, sentence) => {
    expect(message(() => checkImageOptions(form([3, 8, 8]), options))).toBe(sentence);
    expect(() => checkImageOptions(form([3, 8, 8]), { mean: [0, 0, 0], deviation: [1, 1, 1] })).not.toThrow();
  });

  test('is refused where the model does not take images', () => {
    expect(message(() => imageForm(fieldsOf(classifier(), softmax)))).toContain('received x: float32 [batch, 2]');
    expect(message(() => form([3, 5, 3]))).toContain('of [batch, 3, 5, 3] it cannot be told where the channels stand');
  });
});
