import { constant, parsePlan, ScheduleError, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer, type Binding } from '../src/index.ts';
import { accumulateGradients, parameterGroups } from '../src/ops/index.ts';
import { trainingFromBytes, trainingToBytes } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { numbersOf } from './numbers.ts';
import { epsilon } from './optimizers.ts';
import { refusal } from './refusal.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

interface Begun {
  readonly weights: readonly tf.Variable[];
  readonly optimizer: tf.Optimizer;
  readonly binding: Binding;
}

function begin(make: () => tf.Optimizer, plan: Plan, hooks = [accumulateGradients(2)]): Begun {
  const weights = [1, 2].map((value) => open(tf.variable(tf.tensor1d([value, -value]))));
  const optimizer = open(make());
  return { weights, optimizer, binding: bindOptimizer(optimizer, plan, { hooks }) };
}

function update({ optimizer }: Begun, variables: readonly tf.Variable[], times: number): void {
  for (let t = 0; t < times; t++)
    tf.tidy(() =>
      optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: tf.tensor1d([i + 1, t]) }))),
    );
}

const numbers = ({ weights }: Begun): Promise<number[][]> => Promise.all(weights.map(numbersOf));
const adam = (): tf.Optimizer => tf.train.adam(1, 0.9, 0.999, epsilon);

/** The bytes with another header, and the same data. */
function withHeader(bytes: Uint8Array, change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
  const text = new TextEncoder().encode(JSON.stringify(change(header) ?? header));
  const changed = new Uint8Array(8 + text.length + bytes.length - 8 - length);
  new DataView(changed.buffer).setBigUint64(0, BigInt(text.length), true);
  changed.set(text, 8);
  changed.set(bytes.subarray(8 + length), 8 + text.length);
  return changed;
}

/** All places in a JSON value, from the root on. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [at, ...inner.flatMap(([key, one]) => places(one, [...at, key]))];
}

/** A copy in which another value stands at one place; undefined takes it out. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  if (rest.length === 0 && by === undefined) delete copy[key];
  else copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const wrongs = [undefined, null, true, -1, 0.5, 'x', [], {}, [null], { a: 1 }, '__proto__', 'applyGradients'];

describe.each([
  ['Adam', adam, { learningRate: constant({ value: 0.1 }), beta1: constant({ value: 0.8 }) }],
  [
    'parameter groups',
    () => parameterGroups({ optimizer: adam, groups: { all: /./ } }),
    { learningRate: constant({ value: 0.1 }), groups: { all: { beta1: constant({ value: 0.8 }) } } },
  ],
] as const)('what was saved of %s, damaged', (_, make, plan: Plan) => {
  test('in its description: refused with a sentence before a weight changes, or without effect on what is checked', async () => {
    const saved = begin(make, plan);
    update(saved, saved.weights, 3);
    const bytes = await trainingToBytes(saved);
    let meta: unknown;
    withHeader(bytes, (header) => {
      meta = JSON.parse((header['__metadata__'] as { anneal: string }).anneal);
    });
    const training = begin(make, plan);
    const before = await numbers(training);
    let refused = 0;
    for (const place of places(meta))
      for (const wrong of wrongs) {
        const damaged = withHeader(bytes, (header) => ({
          ...header,
          __metadata__: { anneal: JSON.stringify(replaced(meta, place, wrong)) ?? 'null' },
        }));
        try {
          trainingFromBytes(damaged, training);
        } catch (error) {
          expect(error, `${place.join('/')} = ${JSON.stringify(wrong)}`).toBeInstanceOf(ScheduleError);
          refused++;
          continue;
        }
        // It was taken, so the training has moved and must still be one.
        update(training, training.weights, 1);
        trainingFromBytes(bytes, training);
        expect(await numbers(training)).toEqual(await numbers(saved));
      }
    expect(refused).toBeGreaterThan(100);
    const fresh = begin(make, plan);
    for (const place of ['version', 'variables', 'optimizer', 'binding', 'hooks', 'parts'])
      for (const wrong of wrongs) {
        if (place === 'parts' && JSON.stringify(wrong) === '{}') continue; // there are none
        const damaged = withHeader(bytes, (header) => ({
          ...header,
          __metadata__: { anneal: JSON.stringify(replaced(meta, [place], wrong)) },
        }));
        expect(refusal(() => trainingFromBytes(damaged, fresh))).toContain('loadTraining');
      }
    expect(await numbers(fresh)).toEqual(before);
  });

  test('in its header: refused with a sentence, and no tensor is left behind', async () => {
    const saved = begin(make, plan);
    update(saved, saved.weights, 3);
    const bytes = await trainingToBytes(saved);
    let header: unknown;
    withHeader(bytes, (whole) => {
      header = whole;
    });
    const training = begin(make, plan);
    const before = await numbers(training);
    const { numTensors } = tf.memory();
    for (const place of places(header).filter((one) => one.length > 0))
      for (const wrong of wrongs) {
        // Which tensors a hook had is known to none but the file.
        if (wrong === undefined && place.length === 1 && place[0]!.startsWith('hooks/')) continue;
        // An empty shape is what a scalar has.
        if (JSON.stringify(replaced(header, place, wrong)) === JSON.stringify(header)) continue;
        const sentence = refusal(() =>
          trainingFromBytes(
            withHeader(bytes, () => replaced(header, place, wrong)),
            training,
          ),
        );
        expect(sentence, `${place.join('/')} = ${JSON.stringify(wrong)}`).toMatch(
          /^(trainingFromBytes|loadTraining): /,
        );
      }
    for (const whole of [null, 3, [], 'x'])
      expect(
        refusal(() =>
          trainingFromBytes(
            withHeader(bytes, () => whole ?? 0),
            training,
          ),
        ),
      ).toContain('trainingFromBytes');
    expect(await numbers(training)).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

test('a plan that is taken back must be one that the optimizer has tracks for, and nothing changes otherwise', async () => {
  const saved = begin(() => tf.train.momentum(1, 0.9), { learningRate: 0.5, momentum: 0.5 }, []);
  update(saved, saved.weights, 2);
  const state = saved.binding.state();
  const policy = { onPlanChange: 'takeOld', parse: parsePlan } as const;
  const training = begin(() => tf.train.sgd(1), { learningRate: 0.25 }, []);
  expect(refusal(() => training.binding.restore(state, policy))).toBe(
    'bindOptimizer: SGD has no momentum, which the plan drives',
  );
  expect([training.binding.step, training.binding.learningRate]).toEqual([0, 0.25]);
  expect(training.binding.scheduler.plan).toEqual({ learningRate: 0.25 });
  const other = begin(() => tf.train.momentum(1, 0.9), { learningRate: 0.25 }, []);
  other.binding.restore(state, policy);
  expect([other.binding.step, other.binding.values.momentum]).toEqual([2, 0.5]);

  // As a whole training: an Adam saved under a plan for weight decay, without the hook that does it.
  const decayed = begin(adam, { learningRate: 0.5 }, []);
  const bytes = withHeader(await trainingToBytes(decayed), (header) => {
    const { anneal } = header['__metadata__'] as { anneal: string };
    const plan = { learningRate: 0.5, weightDecay: 0.1 };
    return {
      ...header,
      __metadata__: { anneal: JSON.stringify(replaced(JSON.parse(anneal), ['binding', 'scheduler', 'plan'], plan)) },
    };
  });
  update(decayed, decayed.weights, 1);
  const before = await numbers(decayed);
  expect(refusal(() => trainingFromBytes(bytes, decayed, policy))).toBe(
    'loadTraining: Adam has no weightDecay, which the plan drives; see decoupledWeightDecay of @anneal/tfjs/ops',
  );
  expect(await numbers(decayed)).toEqual(before);
});

describe('the first update after a training was loaded', () => {
  const resumed = async (): Promise<Begun> => {
    const saved = begin(adam, { learningRate: 0.5 }, []);
    update(saved, saved.weights, 2);
    const training = begin(adam, { learningRate: 0.5 }, []);
    trainingFromBytes(await trainingToBytes(saved), training);
    return training;
  };

  test('is refused with other variables in the places of the slots', async () => {
    const training = await resumed();
    const before = await numbers(training);
    const [first, second] = training.weights;
    for (const wrong of [[second!, first!], [second!]])
      expect(refusal(() => update(training, wrong, 1))).toContain(`the variables of Adam changed at "${second!.name}"`);
    expect([await numbers(training), training.binding.step]).toEqual([before, 2]);
  });

  test('is made with those of the slots, and refused is then any change', async () => {
    const training = await resumed();
    update(training, training.weights, 1);
    expect(training.binding.step).toBe(3);
    expect(refusal(() => update(training, training.weights.slice(0, 1), 1))).toContain('the variables of Adam changed');
  });

  test('also where tfjs itself put the slots back', async () => {
    const saved = begin(adam, { learningRate: 0.5 }, []);
    update(saved, saved.weights, 2);
    const optimizer = open(adam());
    await optimizer.setWeights(await saved.optimizer.getWeights());
    bindOptimizer(optimizer, 0.5, { startStep: 'iterations' });
    const names = saved.weights.map(({ name }) => name);
    const tensor = open(tf.tensor1d([1, 1]));
    const give = (list: readonly string[]): void => optimizer.applyGradients(list.map((name) => ({ name, tensor })));
    expect(refusal(() => give(names.toReversed()))).toContain('changed at');
    give(names);
    expect(optimizer.iterations).toBe(3);
  });
});
