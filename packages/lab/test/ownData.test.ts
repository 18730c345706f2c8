import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { convolution, dense, globalAveragePool, GraphBuilder, heUniform, relu, writeModel } from '@anneal/onnx';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '../src/data/tensor.ts';
import { backends } from '../src/learners/backendNamed.ts';
import { readOwnTask } from '../src/node/readOwnTask.ts';
import { isTaskFile, readTaskFile } from '../src/node/readTaskFile.ts';
import type { Task } from '../src/tasks/task.ts';
import { createSetup } from '../src/trials/setup.ts';

let folder = '';
const path = (name: string): string => join(folder, name);
const write = async (name: string, data: string | Uint8Array): Promise<string> => {
  await mkdir(dirname(path(name)), { recursive: true });
  await writeFile(path(name), data);
  return path(name);
};

/** Points of two classes, on both sides of a line. */
const points = Array.from({ length: 60 }, (_, i) => {
  const [a, b] = [Math.sin(7.1 * i), Math.cos(3.3 * i)];
  return { a, b, label: a + b > 0 ? 'above' : 'below' };
});

const perceptron = (): Uint8Array => {
  const g = new GraphBuilder();
  const h = relu(
    g,
    dense(g, g.input('x', 'float32', ['batch', 2]), { name: 'fc1', inputs: 2, outputs: 8, weight: heUniform(1) }),
  );
  g.output('scores', dense(g, h, { name: 'fc2', inputs: 8, outputs: 2, weight: heUniform(2) }), {
    type: 'float32',
    dims: ['batch', 2],
  });
  return writeModel(g.model());
};
const images = (): Uint8Array => {
  const g = new GraphBuilder();
  const x = g.input('image', 'float32', ['batch', 3, 6, 6]);
  const h = relu(g, convolution(g, x, { name: 'c', inputs: 3, outputs: 6, kernel: [3, 3], weight: heUniform(1) }));
  g.output(
    'scores',
    dense(g, g.op('Flatten', [globalAveragePool(g, h)]), { name: 'fc', inputs: 6, outputs: 2, weight: heUniform(2) }),
    { type: 'float32', dims: ['batch', 2] },
  );
  return writeModel(g.model());
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anneal-own-'));
  await write('mine.onnx', perceptron());
  await write('images.onnx', images());
  await write('mine.jsonl', points.map(({ a, b, label }) => JSON.stringify({ x: [a, b], labels: label })).join('\n'));
  await write('mine.csv', ['a,b,labels', ...points.map(({ a, b, label }) => `${a},${b},${label}`)].join('\n'));
  for (let i = 0; i < 12; i += 1)
    for (const [name, colour] of [
      ['blue', [0, 40 + i, 250]],
      ['red', [250, i, 30]],
    ] as const) {
      const [width, height] = [7 + (i % 3), 6];
      const data = Buffer.from(Array.from({ length: width * height }, () => [...colour, 255]).flat());
      if (i % 2 === 0)
        await write(`pictures/${name}/${i}.png`, PNG.sync.write(Object.assign(new PNG({ width, height }), { data })));
      else await write(`pictures/${name}/${i}.jpg`, jpeg.encode({ width, height, data }, 95).data);
    }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The backends that run in Node. */
const here = Object.values(backends).filter(({ device }) => device === 'wasm' || device === 'cpu');

async function losses(task: Task, backend: string): Promise<Float32Array> {
  const setup = await createSetup(
    {
      label: 'schedule',
      task: task.name,
      backend,
      optimizer: { name: 'sgd' },
      schedule: { type: 'constant', value: 0.3 },
      batchSize: 8,
      seed: 1,
      budget: { updates: 40 },
      patience: null,
    },
    { task: () => task },
  );
  const learner = await backends[backend]!.open(setup);
  const act = (): never => expect.fail('these examples need no policy');
  const batches: Batch[] = [];
  for (let step = 0; step < 40; step += 1) batches.push(await setup.source.batch(step, act));
  const trained = await learner.train(batches);
  await learner.dispose();
  return trained.losses;
}

describe.each(here.map(({ name }) => name))('on %s', (backend) => {
  test.each(['mine.jsonl', 'mine.csv', 'pictures'])('a model of one’s own trains on %s', async (data) => {
    const model = data === 'pictures' ? 'images.onnx' : 'mine.onnx';
    const { task } = await readOwnTask({ model: path(model), data: path(data) });
    const all = await losses(task, backend);
    expect(all.at(-1)!).toBeLessThan(0.6 * all[0]!);
  });
});

test('JSONL and CSV that say the same are the same task', async () => {
  const [json, csv] = await Promise.all(
    ['mine.jsonl', 'mine.csv'].map((data) => readOwnTask({ model: path('mine.onnx'), data: path(data) })),
  );
  const run = { seed: 1, batchSize: 4 };
  const act = (): never => expect.fail('these examples need no policy');
  expect(await (await json!.task.open(run)).batch(3, act)).toEqual(await (await csv!.task.open(run)).batch(3, act));
  // Some editors begin a file with a byte order mark, some systems write its form in capitals.
  for (const [name, like] of [
    ['mark.jsonl', 'mine.jsonl'],
    ['MARK.CSV', 'mine.csv'],
  ] as const) {
    const data = await write(name, `\uFEFF${await readFile(path(like), 'utf8')}`);
    const { task } = await readOwnTask({ model: path('mine.onnx'), data });
    expect(await (await task.open(run)).batch(3, act)).toEqual(await (await json!.task.open(run)).batch(3, act));
  }
  expect(json!.task.description).toBe('48 examples to train on, 6 to validate, 6 to test; classes above, below');
});

test('the hash is that of what was read: model, data, and how it is dealt out', async () => {
  const read = { model: path('mine.onnx'), data: path('mine.jsonl') };
  const hashes = await Promise.all([
    readOwnTask(read),
    readOwnTask(read),
    readOwnTask({ ...read, splitSeed: 1 }),
    readOwnTask({ ...read, data: path('mine.csv') }),
    readOwnTask({
      ...read,
      loss: 'binaryCrossEntropy',
      target: 'x2',
      data: await write('shares.jsonl', '{"x":[1,2],"x2":[0,1]}\n'.repeat(5)),
    }),
  ]);
  expect(hashes[1].hash).toBe(hashes[0].hash);
  expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(4);
});

test('splits may be files of their own', async () => {
  const line = (x: number): string => `{"x":[${x},0],"labels":1}\n`;
  const [data, validation, test] = await Promise.all([
    write('a.jsonl', line(1) + line(2)),
    write('b.csv', 'a,b,labels\n3,0,0\n'),
    write('c.jsonl', line(4)),
  ]);
  const { task } = await readOwnTask({ model: path('mine.onnx'), data, validation, test });
  expect(task.description).toBe('2 examples to train on, 1 to validate, 1 to test');
  await expect(readOwnTask({ model: path('mine.onnx'), data, test })).rejects.toThrow(
    'validation and test must both be files of their own, or neither; received one',
  );
});

describe('refused by name:', () => {
  test.each<[string, () => Promise<{ data: string; model?: string; loss?: string }>, RegExp]>([
    ['no such file', async () => ({ data: path('none.jsonl') }), /none\.jsonl: it cannot be read: ENOENT/],
    [
      'another kind of file',
      async () => ({ data: path('mine.onnx') }),
      /mine\.onnx: data must be a \.jsonl or \.csv file, or a folder of images by class$/,
    ],
    [
      'a model that is none',
      async () => ({ model: await write('bad.onnx', 'no model'), data: path('mine.csv') }),
      /bad\.onnx: /,
    ],
    [
      'a line',
      async () => ({ data: await write('bad.jsonl', '{"x":[1,2],"labels":0}\n\n{"x":[1,2],"labels":2}\n') }),
      /bad\.jsonl:3: labels must hold numbers from 0 to 1, the classes; received 2$/,
    ],
    [
      'an unknown loss',
      async () => ({ data: path('mine.csv'), loss: 'mse' }),
      /^unknown loss "mse"; known: softmaxCrossEntropy, binaryCrossEntropy, meanSquaredError, huber$/,
    ],
    [
      'images for a model without',
      async () => ({ data: path('pictures') }),
      /^model: a folder of images needs a model with one float32 input/,
    ],
    [
      'an image that is none',
      async () => ({ model: path('images.onnx'), data: dirname(dirname(await write('odd/blue/x.png', 'text'))) }),
      /odd: it must hold a folder of images for each class, two at least; it holds blue$/,
    ],
    [
      'an image that is cut off',
      async () => {
        await write('cut/red/y.png', PNG.sync.write(new PNG({ width: 3, height: 3 })).subarray(0, 40));
        return { model: path('images.onnx'), data: dirname(dirname(await write('cut/blue/x.gif', 'GIF'))) };
      },
      /cut\/red\/y\.png: the image cannot be decoded: /,
    ],
  ])('%s', async (_, files, sentence) => {
    await expect(readOwnTask({ model: path('mine.onnx'), ...(await files()) })).rejects.toThrow(sentence);
  });
});

describe('a task in a file', () => {
  test('is TypeScript or JavaScript that exports it', async () => {
    const text = `
      interface Nothing { readonly never: true }
      const missing: Nothing | undefined = undefined;
      export const task = { name: 'mine', description: 'd', note: 'n', model: {}, loss: () => '', metrics: [], defaults: {}, open: () => missing };`;
    const [typescript, javascript] = await Promise.all([
      readTaskFile(await write('mine.ts', text)),
      readTaskFile(await write('mine.mjs', text.replace(/interface.*/, '').replace(/: Nothing \| undefined/, ''))),
    ]);
    expect([typescript.task.name, javascript.task.name]).toEqual(['mine', 'mine']);
    expect(typescript.hash).not.toBe(javascript.hash);
    expect(['mine.ts', './a/b.mjs', 'digits', 'text-post-norm'].map(isTaskFile)).toEqual([true, true, false, false]);
  });

  test.each([
    ['export const model = 1;', 'it must export a task, `export const task: Task = { … }`; it exports no task'],
    ['export const task = { name: 1, model: 2 };', 'its task lacks description, note, loss, metrics, defaults, open'],
    ['export const task = ;', 'it cannot be run: '],
  ])('is refused by name: %s', async (text, sentence) => {
    await expect(readTaskFile(await write('wrong.ts', text))).rejects.toThrow(sentence);
  });
});
