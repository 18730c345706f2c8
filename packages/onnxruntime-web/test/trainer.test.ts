import { cosineDecay, createScheduler, linear, parsePlan, reduceOnPlateau, warmup, type Plan } from '@anneal/core';
import {
  adam,
  adamW,
  momentum,
  OnnxError,
  readModel,
  rmsprop,
  sgd,
  softmaxCrossEntropy,
  type Optimizer,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  TrainerError,
  type Batch,
  type StepEvent,
  type Trainer,
  type TrainerOptions,
} from '../src/index.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const steps = 40;
const data = batches(steps, 16, 8, 4);
const plan: Plan = { learningRate: cosineDecay({ initValue: 0.05, decaySteps: steps }) };

const make = (options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, mlp([8, 16, 4]), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    plan,
    batch: data[0]!,
    ...options,
  });

const weights = (trainer: Trainer): Record<string, number[]> =>
  Object.fromEntries(trainer.parameters.map((name) => [name, [...trainer.parameter(name)]]));

const optimizers: Record<string, () => Optimizer> = {
  sgd,
  momentum: () => momentum({ nesterov: true }),
  rmsprop: () => rmsprop({ momentum: 0.5, centered: true, epsilon: 1e-3 }),
  adam,
  adamW,
};

describe('a run', () => {
  test('applies the plan: the rate read back from the graph is the float32 of the plan at every step', async () => {
    const trainer = await make();
    const events: StepEvent[] = [];
    const result = await trainer.run(data, { onStep: (event) => events.push(event) });
    const schedule = plan.learningRate as (step: number) => number;
    const rounded = data.map((_, step) => ({ learningRate: Math.fround(schedule(step)) }));
    expect(result.applied).toEqual(rounded);
    expect(events.map(({ step }) => step)).toEqual(data.map((_, step) => step));
    expect(events.map(({ applied }) => applied)).toEqual(rounded);
    expect(events.map(({ loss }) => loss)).toEqual([...result.losses]);
    expect(result).toMatchObject({ updates: steps, stopped: null, reason: null });
    expect(trainer.scheduler.step).toBe(steps);
  });

  test('resolves a plan that is relative to its length', async () => {
    const late = warmup({ warmupSteps: '1ep', schedule: cosineDecay({ initValue: 0.05, decaySteps: '75%' }) });
    const early = warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.05, decaySteps: 30 }) });
    const trainer = await make({ plan: late, horizon: { totalSteps: steps, stepsPerEpoch: 10 } });
    const { applied } = await trainer.run(data);
    expect(applied.map(({ learningRate }) => learningRate)).toEqual(data.map((_, step) => Math.fround(early(step))));
    await expect(make({ plan: late, horizon: { totalSteps: steps } })).rejects.toThrow(
      'warmup: warmupSteps "1ep" needs a horizon: stepsPerEpoch is not known here',
    );
  });

  test('learns', async () => {
    const trainer = await make({ plan: cosineDecay({ initValue: 0.05, decaySteps: steps * 5 }) });
    const before = (await trainer.evaluate(data[0]!)).loss;
    for (let epoch = 0; epoch < 5; epoch++) await trainer.run(data);
    expect((await trainer.evaluate(data[0]!)).loss).toBeLessThan(before / 5);
  });

  test.each(Object.entries(optimizers))(
    '%s: one, two and eight steps per call give the same bits',
    async (_, optimizer) => {
      const results = await Promise.all(
        [1, 2, 8].map(async (stepsPerCall) => {
          const trainer = await make({ optimizer: optimizer(), stepsPerCall });
          const { losses } = await trainer.run(data);
          return { losses: [...losses], weights: weights(trainer) };
        }),
      );
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    },
  );

  test('takes a short last batch, and batches from an async iterable', async () => {
    const short: Batch = {
      x: { data: (data[0]!['x']!.data as Float32Array).slice(0, 5 * 8), dims: [5, 8] },
      labels: { data: (data[0]!['labels']!.data as Int32Array).slice(0, 5), dims: [5] },
    };
    async function* stream(): AsyncGenerator<Batch> {
      yield* data.slice(0, 3);
      yield short;
      yield* data.slice(3, 5);
    }
    const trainer = await make();
    const lossOfShort = async (): Promise<number> => (await trainer.evaluate(short)).loss;
    const other = await make();
    await other.run(data.slice(0, 3));
    const expected = (await other.evaluate(short)).loss;
    const { losses, updates } = await trainer.run(stream());
    expect(updates).toBe(6);
    // The same graph but for the gradient; summation order may differ between the two.
    expect(losses[3]).toBeCloseTo(expected, 5);
    expect(await lossOfShort()).toBeLessThan(expected);
  });

  test('int64 labels work like int32 ones', async () => {
    const wide = data.map((batch): Batch => {
      return {
        ...batch,
        labels: { data: BigInt64Array.from(batch['labels']!.data as Int32Array, BigInt), dims: batch['labels']!.dims },
      };
    });
    const [a, b] = [await make(), await make({ batch: wide[0]! })];
    await a.run(data);
    await b.run(wide);
    expect(weights(b)).toEqual(weights(a));
  });

  test('ends between calls when aborted', async () => {
    const controller = new AbortController();
    const trainer = await make({ stepsPerCall: 4 });
    const result = await trainer.run(data, {
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 9) controller.abort();
      },
    });
    expect(result).toMatchObject({ stopped: 'aborted', reason: 'the run was aborted at step 12', updates: 12 });
    expect(trainer.scheduler.step).toBe(12);
  });

  test('that is aborted pulls no further batches from a stream', async () => {
    let pulled = 0;
    function* stream(): Generator<Batch> {
      for (const batch of data) {
        pulled++;
        yield batch;
      }
    }
    const trainer = await make({ stepsPerCall: 8 });
    expect(await trainer.run(stream(), { signal: { aborted: true } })).toMatchObject({
      stopped: 'aborted',
      updates: 0,
    });
    expect(pulled).toBe(1);
  });

  test('may be fed from arrays that are filled again for every batch', async () => {
    const expected = await make();
    await expected.run(data);
    const x = new Float32Array(16 * 8);
    const labels = new Int32Array(16);
    function* stream(): Generator<Batch> {
      for (const batch of data) {
        x.set(batch['x']!.data as Float32Array);
        labels.set(batch['labels']!.data as Int32Array);
        yield { x: { data: x, dims: [16, 8] }, labels: { data: labels, dims: [16] } };
      }
    }
    const trainer = await make();
    await trainer.run(stream());
    expect(weights(trainer)).toEqual(weights(expected));
  });

  test('leaves state and schedule in step when onStep throws', async () => {
    const trainer = await make({ stepsPerCall: 4 });
    const run = trainer.run(data, {
      onStep: ({ step }) => {
        if (step === 5) throw new Error('mine');
      },
    });
    await expect(run).rejects.toThrow('mine');
    expect(trainer.scheduler.step).toBe(8);
    await trainer.run(data.slice(8));
    const expected = await make();
    await expected.run(data);
    expect(weights(trainer)).toEqual(weights(expected));
  });

  test('refuses a second one while it lasts, and everything once disposed of', async () => {
    const trainer = await make();
    const first = trainer.run(data);
    await expect(trainer.run(data)).rejects.toThrow('running already');
    await first;
    await trainer.dispose();
    await expect(trainer.save()).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('a controller', () => {
  const plateauOf = (monitor: string): Plan => ({
    learningRate: {
      schedule: 0.05,
      controllers: { plateau: { use: reduceOnPlateau({ monitor, reduceFactor: 0.5, patience: 2 }), from: 10 } },
    },
  });

  test('of batchLoss is told every loss in its window, after the update, whatever the steps per call', async () => {
    const plateau = plateauOf('batchLoss');
    const trainer = await make({ plan: plateau, stepsPerCall: 8 });
    const { losses, applied } = await trainer.run(data);
    const scheduler = createScheduler(plateau);
    const expected = [...losses].map((loss) => {
      const rate = Math.fround(scheduler.values().learningRate);
      scheduler.advance();
      scheduler.report({ batchLoss: loss });
      return rate;
    });
    expect(applied.map(({ learningRate }) => learningRate)).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(2);
  });

  test('of loss hears the epochs that its caller reports, and no batch', async () => {
    const trainer = await make({ plan: plateauOf('loss'), stepsPerCall: 8, reports: ['loss'] });
    const perEpoch = createScheduler(plateauOf('loss'));
    for (let epoch = 0; epoch < 4; epoch++) {
      const { losses } = await trainer.run(data);
      const loss = losses.reduce((sum, one) => sum + one) / losses.length;
      trainer.scheduler.report({ loss });
      perEpoch.advance(data.length);
      perEpoch.report({ loss });
    }
    expect(trainer.scheduler.state()).toEqual(perEpoch.state());
    expect(trainer.scheduler.values().learningRate).toBe(0.05);
  });

  test.each(['loss', 'val_loss', 'gradientNorm'])(
    'of %s that nobody reports is refused before the run',
    async (monitor) => {
      const trainer = await make({ plan: plateauOf(monitor) });
      await expect(trainer.run(data)).rejects.toThrow(
        `reports: the controller learningRate/plateau reads "${monitor}", and the trainer reports "batchLoss" alone; ` +
          `report "${monitor}" with trainer.scheduler.report and say so to createTrainer, reports: ["${monitor}"]`,
      );
      expect(trainer.scheduler.step).toBe(0);
    },
  );
});

describe('a loss that is not finite', () => {
  // The rate jumps at step 13 so far that the weights overflow.
  const exploding = (step: number): number => (step < 13 ? 0.05 : 1e38);

  test.each([1, 5, 8])('ends the run with the last good state, %i steps per call', async (stepsPerCall) => {
    const trainer = await make({ plan: exploding, optimizer: sgd(), stepsPerCall });
    const { stopped, reason, updates, losses } = await trainer.run(data);
    expect(stopped).toBe('diverged');
    expect(reason).toMatch(/^the loss at step \d+ is (NaN|Infinity)/);
    expect(reason).toMatch(new RegExp(`; the weights are those of step ${updates}$`));
    expect(losses).toHaveLength(updates);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(trainer.scheduler.step).toBe(updates);
    const kept = weights(trainer);
    expect(Object.values(kept).flat().every(Number.isFinite)).toBe(true);

    const reference = await make({ plan: exploding, optimizer: sgd(), stepsPerCall: 1 });
    await reference.run(data.slice(0, updates));
    expect(kept).toEqual(weights(reference));
  });

  // At step 13 the loss is finite, and what the update leaves is not.
  const breaking = (step: number): number => (step < 13 ? 0.05 : 3e38);

  test.each([
    [1, steps],
    [5, steps],
    [8, steps],
    [1, 14],
    [8, 14],
  ])('is never of an update that a listener heard of: %i steps per call, %i batches', async (stepsPerCall, count) => {
    const trainer = await make({ plan: breaking, optimizer: momentum({ weightDecay: 10 }), stepsPerCall });
    const heard: StepEvent[] = [];
    const seen: number[] = [];
    trainer.scheduler.subscribe(({ step }) => seen.push(step));
    const result = await trainer.run(data.slice(0, count), { onStep: (event) => heard.push(event) });
    expect(result).toMatchObject({
      stopped: 'diverged',
      reason: 'the update at step 13 leaves numbers that are not finite; the weights are those of step 13',
      updates: 13,
    });
    expect(heard.map(({ step }) => step)).toEqual(Array.from({ length: 13 }, (_, step) => step));
    expect(heard.map(({ applied }) => applied)).toEqual(result.applied);
    expect(seen).toEqual(heard.map(({ step }) => step + 1));
    const reference = await make({ plan: breaking, optimizer: momentum({ weightDecay: 10 }), stepsPerCall: 1 });
    await reference.run(data.slice(0, 13));
    expect(await trainer.save()).toEqual(await reference.save());
  });

  test('on a bad batch keeps what was learnt before it, and training can go on', async () => {
    const bad = { ...data[6]!, x: { ...data[6]!['x']!, data: new Float32Array(16 * 8).fill(Number.NaN) } };
    const trainer = await make({ stepsPerCall: 8 });
    expect(await trainer.run([...data.slice(0, 6), bad, ...data.slice(7)])).toMatchObject({
      stopped: 'diverged',
      reason: 'the loss at step 6 is NaN; the weights are those of step 6',
      updates: 6,
    });
    await trainer.run(data.slice(6));
    const reference = await make();
    await reference.run(data);
    expect(weights(trainer)).toEqual(weights(reference));
  });
});

describe('a checkpoint', () => {
  test.each(Object.entries(optimizers))(
    '%s: killed after any step and resumed, training ends with the same bits',
    async (_, optimizer) => {
      const tracked: Plan = { ...plan, weightDecay: linear({ initValue: 0.1, endValue: 0.3, decaySteps: steps }) };
      const options = { plan: tracked, optimizer: optimizer() };
      const whole = await make(options);
      await whole.run(data);
      const expected = weights(whole);
      for (const kill of [1, 23]) {
        const first = await make(options);
        await first.run(data.slice(0, kill));
        const bytes = await first.save();
        const second = await make(options);
        await second.load(bytes);
        expect(second.scheduler.step).toBe(kill);
        expect(await second.save()).toEqual(bytes);
        await second.run(data.slice(kill));
        expect(weights(second)).toEqual(expected);
      }
    },
  );

  test('carries a controller over', async () => {
    const plateau: Plan = {
      learningRate: {
        schedule: 0.05,
        controllers: { p: { use: reduceOnPlateau({ monitor: 'batchLoss', reduceFactor: 0.5, patience: 2 }) } },
      },
    };
    const whole = await make({ plan: plateau });
    const { applied } = await whole.run(data);
    const first = await make({ plan: plateau });
    await first.run(data.slice(0, 23));
    const second = await make({ plan: plateau });
    await second.load(await first.save());
    expect((await second.run(data.slice(23))).applied).toEqual(applied.slice(23));
  });

  test('of another optimizer, another model or another plan is refused, and nothing changes', async () => {
    const trainer = await make();
    await trainer.run(data.slice(0, 3));
    const before = await trainer.save();
    const other = async (options: Partial<TrainerOptions>): Promise<Uint8Array> => (await make(options)).save();
    await expect(trainer.load(await other({ optimizer: sgd() }))).rejects.toThrow('the checkpoint is of sgd');
    const wider = await createTrainer(ort, mlp([8, 12, 4]), {
      loss: softmaxCrossEntropy(),
      optimizer: adam(),
      plan,
      batch: data[0]!,
    });
    await expect(trainer.load(await wider.save())).rejects.toThrow('the shape [8, 12]');
    await expect(trainer.load(await other({ plan: 0.1 }))).rejects.toThrow('differs from the saved one');
    const heavier = await other({ plan: { learningRate: 0.1, weightDecay: 0.1 } });
    await expect(trainer.load(heavier, { onPlanChange: 'takeOld', parse: parsePlan })).rejects.toThrow(
      'schedules other hyperparameters',
    );
    await expect(trainer.load(new Uint8Array(20))).rejects.toBeInstanceOf(TrainerError);
    expect(await trainer.save()).toEqual(before);
  });
});

describe('the trained model', () => {
  test('is exported as a file that the runtime opens, and predicts the same', async () => {
    const trainer = await make();
    await trainer.run(data);
    const x = data[0]!['x']!;
    const predicted = (await trainer.predict({ x }))['logits']!;
    expect(predicted.dims).toEqual([16, 4]);
    const bytes = await trainer.export();
    const session = await ort.InferenceSession.create(bytes);
    const { logits } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.dims) });
    expect(logits!.data).toEqual(predicted.data);
    expect([...readModel(bytes).graph.initializers.keys()]).toEqual(trainer.parameters);
    expect((await trainer.evaluate(data[0]!)).outputs['logits']!.data).toEqual(predicted.data);
  });
});

describe('accumulation', () => {
  /** Four batches as one. */
  const merged = Array.from({ length: steps / 4 }, (_, i): Batch => {
    const four = data.slice(4 * i, 4 * i + 4);
    const x = four.flatMap((batch) => [...(batch['x']!.data as Float32Array)]);
    const labels = four.flatMap((batch) => [...(batch['labels']!.data as Int32Array)]);
    return { x: { data: Float32Array.from(x), dims: [64, 8] }, labels: { data: Int32Array.from(labels), dims: [64] } };
  });

  test('of four batches is one batch of four times the size, and the schedule counts updates', async () => {
    const large = await make({ batch: merged[0]!, optimizer: momentum() });
    const expected = await large.run(merged);
    const small = await make({ accumulate: 4, optimizer: momentum() });
    const result = await small.run(data);
    expect(small.scheduler.step).toBe(steps / 4);
    expect(result.applied).toEqual(expected.applied);
    // The same sums in another order, over ten updates.
    result.losses.forEach((loss, i) => expect(loss / expected.losses[i]!).toBeCloseTo(1, 5));
  });

  test('gives the same bits whatever the steps per call, and makes an update of a rest', async () => {
    const runs = await Promise.all(
      [1, 3].map(async (stepsPerCall) => {
        const trainer = await make({ accumulate: 4, stepsPerCall });
        const { updates } = await trainer.run(data.slice(0, 14));
        return { updates, weights: weights(trainer) };
      }),
    );
    expect(runs[0]!.updates).toBe(4);
    expect(runs[1]).toEqual(runs[0]);
    const rest = await make();
    const [a, b] = [await make({ accumulate: 4 }), rest];
    await a.run(data.slice(0, 1));
    await b.run(data.slice(0, 1));
    // A rest of one batch is that batch; only the division by 1 stands between.
    expect(weights(a)).toEqual(weights(b));
  });

  test('keeps the last good state when a loss is not finite', async () => {
    const bad = { ...data[9]!, x: { ...data[9]!['x']!, data: new Float32Array(16 * 8).fill(Number.NaN) } };
    const trainer = await make({ accumulate: 2 });
    expect(await trainer.run([...data.slice(0, 9), bad])).toMatchObject({ stopped: 'diverged', updates: 4 });
    const reference = await make({ accumulate: 2 });
    await reference.run(data.slice(0, 8));
    expect(weights(trainer)).toEqual(weights(reference));
  });
});

describe('clipping', () => {
  test('of the global norm scales all gradients alike; of values cuts each', async () => {
    const start = weights(await make());
    const moved = async (clip?: TrainerOptions['clip']): Promise<number[]> => {
      const trainer = await make({ plan: 1, optimizer: sgd(), ...(clip !== undefined && { clip }) });
      await trainer.run(data.slice(0, 1));
      return Object.entries(weights(trainer)).flatMap(([name, values]) =>
        values.map((value, i) => start[name]![i]! - value),
      );
    };
    const free = await moved();
    const norm = Math.hypot(...free);
    expect(norm).toBeGreaterThan(0.5);
    // Differences of float32 weights near 1 carry 1e-7 of rounding.
    (await moved({ globalNorm: 0.25 })).forEach((value, i) => expect(value).toBeCloseTo((free[i]! * 0.25) / norm, 5));
    (await moved({ globalNorm: 100 })).forEach((value, i) => expect(value).toBeCloseTo(free[i]!, 6));
    (await moved({ value: 0.01 })).forEach((value, i) =>
      expect(value).toBeCloseTo(Math.max(-0.01, Math.min(0.01, free[i]!)), 6),
    );
    await expect(moved({ globalNorm: 0 })).rejects.toThrow('globalNorm must be a number > 0; received 0');
  });
});

describe('weight decay', () => {
  test('touches only the parameters that the optimizer names', async () => {
    const plain = await make({ optimizer: adamW({ weightDecay: 0 }) });
    const decayed = await make({ optimizer: adamW({ weightDecay: 0.5, decay: /weight$/ }) });
    await plain.run(data.slice(0, 1));
    await decayed.run(data.slice(0, 1));
    expect(decayed.parameter('fc1.bias')).toEqual(plain.parameter('fc1.bias'));
    expect(decayed.parameter('fc1.weight')).not.toEqual(plain.parameter('fc1.weight'));
  });
});

describe('groups', () => {
  const grouped: Plan = { learningRate: 0.05, groups: { head: { learningRate: 0.01, momentum: 0.5 } } };

  test('have their own rates; the rest take the base', async () => {
    const trainer = await make({
      plan: { ...grouped, momentum: 0.9 },
      optimizer: momentum(),
      groups: { head: /^fc2/ },
    });
    const events: StepEvent[] = [];
    await trainer.run(data.slice(0, 2), { onStep: (event) => events.push(event) });
    const [learningRate, rest] = [Math.fround(0.01), Math.fround(0.05)];
    expect(events[1]!.applied).toEqual({
      learningRate: rest,
      momentum: Math.fround(0.9),
      groups: { head: { learningRate, momentum: 0.5 } },
    });
    // A group at a rate of zero does not move, the rest does.
    const still = await make({
      plan: { learningRate: 0.05, groups: { head: { learningRate: 0 } } },
      optimizer: sgd({ groups: { head: /^fc2/ } }),
    });
    const before = weights(still);
    await still.run(data.slice(0, 2));
    expect(still.parameter('fc2.weight')).toEqual(Float32Array.from(before['fc2.weight']!));
    expect(still.parameter('fc1.weight')).not.toEqual(Float32Array.from(before['fc1.weight']!));
  });

  test('that are unknown or empty are refused', async () => {
    await expect(make({ plan: { learningRate: 1, groups: { head: {} } } })).rejects.toThrow('names the group "head"');
    await expect(
      make({ plan: { learningRate: 1, groups: { head: {} } }, groups: { head: /nothing/ } }),
    ).rejects.toThrow('gets no parameter');
  });
});

describe('what is wrong is refused with a sentence:', () => {
  test('a track the optimizer lacks', async () => {
    await expect(make({ plan: { learningRate: 1, momentum: 0.9 } })).rejects.toThrow(
      'adam does not have; it has learningRate, beta1, beta2, weightDecay',
    );
  });
  test('a batch without labels, or of other data than its shape says', async () => {
    const trainer = await make();
    await expect(trainer.run([{ x: data[0]!['x']! }])).rejects.toThrow('the loss reads "labels"');
    await expect(trainer.run([{ ...data[0]!, x: { data: new Float32Array(3), dims: [16, 8] } }])).rejects.toThrow(
      'needs 128 elements; received 3',
    );
  });
  test('nothing to train', async () => {
    await expect(make({ trainable: /^conv/ })).rejects.toThrow('it selects no float32 initializer');
    await expect(make({ trainable: ['fc1.weight', 'fc9'] })).rejects.toThrow('"fc9"');
  });
  test('a scheduler that something else drives', async () => {
    const scheduler = createScheduler(plan, { clock: () => 0 });
    await expect(make({ plan: scheduler })).rejects.toThrow('advances by itself');
  });
  test('a plan that gives no number', async () => {
    const trainer = await make({ plan: (step: number) => (step < 3 ? 0.1 : Number.NaN), stepsPerCall: 1 });
    await expect(trainer.run(data)).rejects.toThrow('at step 3 it gave NaN');
    expect(trainer.scheduler.step).toBe(3);
  });
  test('an operator without a rule, with the way to it', async () => {
    const model = mlp([8, 16, 4]);
    const nodes = model.graph.nodes.map((node) => (node.op === 'Relu' ? { ...node, op: 'Atan' } : node));
    const error: unknown = await createTrainer(
      ort,
      { ...model, graph: { ...model.graph, nodes } },
      { loss: softmaxCrossEntropy(), optimizer: sgd(), plan, batch: data[0]! },
    ).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OnnxError);
    expect(error).toMatchObject({ code: 'noGradient', path: 'Atan' });
    expect(String(error)).toContain('fc1.weight → MatMul → fc1 → [Atan] → … → SoftmaxCrossEntropyLoss');
  });
});
