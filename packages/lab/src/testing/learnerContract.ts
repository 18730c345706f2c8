import { cosineDecay, reduceOnPlateau, warmup, type Plan, type StepValues } from '@anneal/core';
import { slicesOf } from '../data/rows.ts';
import type { Batch, Tensor } from '../data/tensor.ts';
import type { Learner } from '../learners/learner.ts';
import { createSetup, type Setup } from '../trials/setup.ts';
import type { Trial } from '../trials/trial.ts';
import { smallTask } from './smallTask.ts';

/** One promise that every learner keeps. */
export interface LearnerLaw {
  readonly name: string;
  /** Opens learners, and throws an error with a sentence where the promise is broken. */
  check(open: (setup: Setup) => Promise<Learner>): Promise<void>;
}

const steps = 12;
const rate = warmup({ warmupSteps: 3, schedule: cosineDecay({ initValue: 0.5, decaySteps: 9 }) });
const trial: Trial = {
  label: 'contract',
  task: 'small',
  backend: 'any',
  optimizer: { name: 'momentum' },
  schedule: { type: 'constant', value: 1 } as unknown as Trial['schedule'],
  batchSize: 8,
  seed: 1,
  budget: { updates: steps },
  patience: null,
};

const setupFor = (plan: Plan, changes: Partial<Trial> = {}): Promise<Setup> =>
  createSetup({ ...trial, ...changes }, { task: () => smallTask, parse: () => plan });

async function batchesOf({ source, accumulate }: Setup, from = 0, until = steps): Promise<Batch[]> {
  const act = (): never => fail('the small task needs no policy');
  return Promise.all(
    Array.from({ length: (until - from) * accumulate }, async (_, i) => source.batch(from * accumulate + i, act)),
  );
}

function fail(sentence: string): never {
  throw new Error(sentence);
}

function equal(what: string, received: unknown, expected: unknown): void {
  const [is, should] = [received, expected].map((value) =>
    JSON.stringify(value, (_, one: unknown) => (ArrayBuffer.isView(one) ? Array.from(one as Float32Array) : one)),
  );
  if (is !== should) fail(`${what} must be ${should}; received ${is}`);
}

async function withLearners(
  open: (setup: Setup) => Promise<Learner>,
  setups: readonly Setup[],
  use: (first: Learner, second: Learner, third: Learner) => Promise<void>,
): Promise<void> {
  const learners: Learner[] = [];
  try {
    // One after the other: frameworks with one runtime in a process open one thing at a time.
    for (const setup of setups) learners.push(await open(setup));
    const [first, second = first, third = second] = learners;
    await use(first!, second!, third!);
  } finally {
    for (const learner of learners) await learner.dispose();
  }
}

const weightsOf = async (learner: Learner): Promise<Readonly<Record<string, Tensor>>> => {
  const weights = Object.entries(await learner.weights()).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(weights.map(([name, { data, dims }]) => [name, { data, dims }]));
};

/**
 * What a learner promises, for the tests of a backend of one's own.
 *
 * @example
 * for (const { name, check } of learnerContract) test(name, () => check((setup) => myBackend.open(setup)));
 */
export const learnerContract: readonly LearnerLaw[] = [
  {
    name: 'applies what the plan says, rounded to float32, every track at every step, and lowers the loss',
    check: async (open) => {
      const momentum = cosineDecay({ initValue: 0.9, endValue: 0.5, decaySteps: steps });
      const setup = await setupFor({ learningRate: rate, momentum });
      await withLearners(open, [setup], async (learner) => {
        const { losses, applied, stopped, reason } = await learner.train(await batchesOf(setup));
        equal('stopped and reason', [stopped, reason], [null, null]);
        equal('the number of losses', losses.length, steps);
        const expected = Array.from({ length: steps }, (_, step): StepValues => ({
          learningRate: Math.fround(rate(step)),
          momentum: Math.fround(momentum(step)),
        }));
        const ordered = applied.map(({ learningRate, momentum: used }) => ({ learningRate, momentum: used }));
        equal('what was applied', ordered, expected);
        equal('the step', learner.scheduler.step, steps);
        if (!(losses.at(-1)! < losses[0]!)) fail(`the loss must fall; it went from ${losses[0]} to ${losses.at(-1)}`);
      });
    },
  },
  {
    name: 'applies the tracks of groups',
    check: async (open) => {
      const plan: Plan = { learningRate: rate, groups: { head: { learningRate: 0.25 } } };
      const setup = await setupFor(plan, { groups: { head: '^dense2' } });
      await withLearners(open, [setup], async (learner) => {
        const { applied } = await learner.train(await batchesOf(setup, 0, 3));
        const rates = applied.map(({ learningRate, groups }) => [learningRate, groups?.['head']?.learningRate]);
        equal(
          'the rates of base and head',
          rates,
          [0, 1, 2].map((step) => [Math.fround(rate(step)), 0.25]),
        );
      });
    },
  },
  {
    name: 'starts from the weights of the graph, under their names',
    check: async (open) => {
      const setup = await setupFor({ learningRate: rate });
      await withLearners(open, [setup], async (learner) => {
        const { initializers } = setup.task.model.graph(setup.trial.seed).graph;
        for (const [name, { data, dims }] of Object.entries(await learner.weights()))
          equal(name, { data, dims }, { data: initializers.get(name)?.data, dims: initializers.get(name)?.dims });
        equal('the parameters', Object.keys(await weightsOf(learner)), [...initializers.keys()].sort());
      });
    },
  },
  {
    name: 'saved and loaded goes on bit for bit, whatever was there before',
    check: async (open) => {
      for (const name of ['sgd', 'momentum', 'rmsprop', 'adam', 'adamW']) {
        const setup = await setupFor({ learningRate: (step) => rate(step) / 10 }, { optimizer: { name } });
        await withLearners(open, [setup, setup, setup], async (whole, first, second) => {
          const all = await whole.train(await batchesOf(setup));
          await first.train(await batchesOf(setup, 0, 5));
          const saved = await first.save();
          await second.train(await batchesOf(setup, 0, 3));
          await second.load(saved);
          equal('the step after loading', second.scheduler.step, 5);
          const rest = await second.train(await batchesOf(setup, 5));
          equal(`the losses under ${name}`, rest.losses, all.losses.slice(5));
          equal(`the weights under ${name}`, await weightsOf(second), await weightsOf(whole));
        });
      }
    },
  },
  {
    name: 'does not depend on how many batches it is handed at once',
    check: async (open) => {
      const setup = await setupFor({ learningRate: rate });
      await withLearners(open, [setup, setup], async (one, all) => {
        const losses: number[] = [];
        for (let step = 0; step < steps; step += 1)
          losses.push(...(await one.train(await batchesOf(setup, step, step + 1))).losses);
        equal('the losses', losses, (await all.train(await batchesOf(setup))).losses);
        equal('the weights', await weightsOf(one), await weightsOf(all));
      });
    },
  },
  {
    name: 'reports batchLoss after each update to controllers that read it',
    check: async (open) => {
      const use = reduceOnPlateau({ monitor: 'batchLoss', mode: 'max', patience: 0, reduceFactor: 0.5 });
      const setup = await setupFor({ learningRate: { schedule: 0.5, controllers: { use: { use } } } });
      await withLearners(open, [setup], async (learner) => {
        const { losses, applied } = await learner.train(await batchesOf(setup));
        let state = use.init();
        const expected = Array.from(losses, (loss, step) => {
          const learningRate = 0.5 * use.factor(state, { step, value: 0.5 });
          state = use.observe(state, loss, { step: step + 1, value: 0.5 });
          return learningRate;
        });
        equal(
          'the rates',
          applied.map(({ learningRate }) => learningRate),
          expected,
        );
      });
    },
  },
  {
    name: 'ends without an update where it is aborted, and says so',
    check: async (open) => {
      const setup = await setupFor({ learningRate: rate });
      await withLearners(open, [setup], async (learner) => {
        const { losses, stopped, reason } = await learner.train(await batchesOf(setup), {
          signal: AbortSignal.abort(),
        });
        equal('losses and stopped', [losses.length, stopped], [0, 'aborted']);
        equal('the kind of reason', typeof reason, 'string');
      });
    },
  },
  {
    name: 'ends at a loss that is not finite, says so, and can be loaded and go on',
    check: async (open) => {
      const wild = await setupFor({ learningRate: (step) => (step === 4 ? 1e38 : 0.1) });
      await withLearners(open, [wild], async (learner) => {
        await learner.train(await batchesOf(wild, 0, 4));
        const saved = await learner.save();
        const { losses, applied, stopped, reason } = await learner.train(await batchesOf(wild, 4));
        equal('stopped', stopped, 'diverged');
        if (reason === null || losses.length >= 8) fail(`there must be a reason; received ${reason}`);
        if (applied.length !== losses.length || !losses.every(Number.isFinite))
          fail('only updates with finite losses count');
        await learner.load(saved);
        const again = await learner.train(await batchesOf(wild, 0, 0));
        equal('what no batch makes', [again.losses.length, again.stopped], [0, null]);
        const { logits } = await learner.predict((await batchesOf(wild, 0, 1))[0]!);
        if (!Array.from(logits!.data as Float32Array).every(Number.isFinite))
          fail('what was loaded must predict again');
      });
    },
  },
  {
    name: 'predicts for any number of examples, alike, and changes nothing',
    check: async (open) => {
      const setup = await setupFor({ learningRate: rate });
      await withLearners(open, [setup], async (learner) => {
        const before = await weightsOf(learner);
        const [whole] = [...(setup.source.examples('validation', learner.predict) as Iterable<Batch>)];
        const { logits } = await learner.predict(whole!);
        equal('the shape of the logits', logits!.dims, [24, 3]);
        const parts: number[] = [];
        for (const part of slicesOf(whole!, 7)) {
          const { labels: _, ...inputs } = part;
          parts.push(...((await learner.predict(inputs))['logits']!.data as Float32Array));
        }
        const far = parts.findIndex((value, i) => Math.abs(value - Number(logits!.data[i])) > 1e-5);
        if (far >= 0) fail(`logit ${far} must not depend on what is predicted beside it`);
        equal('the weights', await weightsOf(learner), before);
      });
    },
  },
  {
    name: 'makes one update of the mean gradient of several batches',
    check: async (open) => {
      const [small, large] = [
        await setupFor({ learningRate: rate }, { batchSize: 4, accumulate: 2 }),
        await setupFor({ learningRate: rate }),
      ];
      await withLearners(open, [small, large], async (accumulating, plain) => {
        const some = await accumulating.train(await batchesOf(small));
        equal('updates', [some.losses.length, accumulating.scheduler.step], [steps, steps]);
        const { losses } = await plain.train(await batchesOf(large));
        // Sums in another order, magnified by a few updates.
        const far = losses.findIndex((loss, i) => Math.abs(loss - some.losses[i]!) > 1e-5 * loss);
        if (far >= 0) fail(`the loss at ${far} must be ${losses[far]}; received ${some.losses[far]}`);
      });
    },
  },
  {
    name: 'predicts with the average of the weights where the trial keeps one, and saves it',
    check: async (open) => {
      const setup = await setupFor({ learningRate: rate }, { average: {} });
      await withLearners(open, [setup, setup], async (learner, other) => {
        const [whole] = [...(setup.source.examples('validation', learner.predict) as Iterable<Batch>)];
        const sums: Record<string, number[]> = {};
        for (let step = 0; step < steps; step += 1) {
          await learner.train(await batchesOf(setup, step, step + 1));
          for (const [name, { data }] of Object.entries(await learner.weights()))
            sums[name] = Array.from(data as Float32Array, (w, i) => w + (sums[name]?.[i] ?? 0));
        }
        const mean = (name: string, i: number): number => sums[name]![i]! / steps;
        const { data } = whole!['inputs']!;
        const hidden = (x: number, y: number): number[] =>
          Array.from({ length: 8 }, (_, h) =>
            Math.max(0, x * mean('dense1.weight', h) + y * mean('dense1.weight', 8 + h) + mean('dense1.bias', h)),
          );
        const { logits } = await learner.predict(whole!);
        for (let i = 0; i < 24; i += 1) {
          const units = hidden(Number(data[2 * i]), Number(data[2 * i + 1]));
          for (let c = 0; c < 3; c += 1) {
            const expected = units.reduce(
              (sum, u, h) => sum + u * mean('dense2.weight', 3 * h + c),
              mean('dense2.bias', c),
            );
            const received = Number(logits!.data[3 * i + c]);
            if (Math.abs(received - expected) > 1e-4)
              fail(`the logits must be those of the mean weights, ${expected}; received ${received}`);
          }
        }
        await other.load(await learner.save());
        equal('the logits after loading', (await other.predict(whole!))['logits']!.data, logits!.data);
      });
    },
  },
];
