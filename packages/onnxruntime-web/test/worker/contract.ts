import { parsePlan, ScheduleError } from '@anneal/core';
import { OnnxError } from '@anneal/onnx';
import { afterAll, describe, expect, test } from 'vitest';
import { runEpochs, TrainerError, type Batch, type Ort } from '../../src/index.ts';
import { connectTrainer, type TrainingWorker, type WorkerTrainer } from '../../src/worker/index.ts';
import { bitsData, bitsOf, bitsPlan, bitsTrainer, bitsWidths, expectedBits } from '../bits.ts';
import type { Setup } from './setup.ts';

/** The error that a promise is rejected with. */
const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

type EndingWorker = TrainingWorker & { terminate(): unknown };

/** What holds of a trainer in a worker, in a page and in Node. */
export function workerContract(ort: Ort, startWorker: () => EndingWorker, brokenWorker: () => TrainingWorker): void {
  // One for all but those that end: each compiles WebAssembly anew.
  const shared = startWorker();
  afterAll(() => shared.terminate());
  const setup: Setup = { plan: bitsPlan.spec, batch: bitsData[0]!, widths: bitsWidths };
  const connect = (change: Partial<Record<keyof Setup, unknown>> = {}): Promise<WorkerTrainer> =>
    connectTrainer(shared, { ...setup, ...change });

  // Each worker compiles 14 MB of WebAssembly, which a busy machine takes its time for.
  describe('a trainer in a worker', { timeout: 60_000 }, () => {
    test('ends with the bits of one without a worker, from a stream that fills the same arrays again', async () => {
      const trainer = await connect();
      const x = new Float32Array(32 * 16);
      const labels = new Int32Array(32);
      function* stream(): Generator<Batch> {
        for (const batch of bitsData) {
          x.set(batch['x']!.data as Float32Array);
          labels.set(batch['labels']!.data as Int32Array);
          yield { x: { data: x, dims: [32, 16] }, labels: { data: labels, dims: [32] } };
        }
      }
      const steps: number[] = [];
      const result = await trainer.run(stream(), { onStep: ({ step }) => steps.push(step) });
      expect(steps).toEqual(Array.from({ length: 200 }, (_, step) => step));
      const weights = await Promise.all(trainer.parameters.map((name) => trainer.parameter(name)));
      expect(await bitsOf(weights)).toBe(expectedBits);

      const here = await bitsTrainer(ort);
      expect(result).toEqual(await here.run(bitsData));
      expect(await trainer.evaluate(bitsData[3]!)).toEqual(await here.evaluate(bitsData[3]!));
      const inputs = { x: bitsData[3]!['x']! };
      expect(await trainer.predict(inputs)).toEqual(await here.predict(inputs));
      expect(await trainer.save()).toEqual(await here.save());
      expect(await trainer.export()).toEqual(await here.export());
      expect(await trainer.scheduler.values(200)).toEqual(here.scheduler.values(200));
      await here.dispose();
    });

    test('says what is trained, also after more of it is', async () => {
      const head = ['fc2.weight', 'fc2.bias'];
      const trainer = await connect({ trainable: /^fc2/ });
      expect(trainer.parameters).toEqual(head);
      await trainer.run(bitsData.slice(0, 8));
      const file = await trainer.save();
      expect(await trainer.unfreeze(/^fc1/)).toEqual(['fc1.weight', 'fc1.bias']);
      expect(trainer.parameters).toEqual([...head, 'fc1.weight', 'fc1.bias']);
      await trainer.load(file);
      expect(trainer.parameters).toEqual(head);
      await trainer.dispose();
    });

    test('goes on from a checkpoint and cools down on demand, as one without a worker', async () => {
      const [trainer, here] = [await connect(), await bitsTrainer(ort)];
      await here.run(bitsData.slice(0, 20));
      const file = await here.save();
      await trainer.load(file);
      const request = { steps: 10, endFactor: 0.1 };
      await trainer.scheduler.anneal(request);
      here.scheduler.anneal(request);
      expect(await trainer.run(bitsData.slice(20, 40))).toEqual(await here.run(bitsData.slice(20, 40)));
      // The file was not taken away from the page.
      expect(file.length).toBeGreaterThan(1000);
      await trainer.dispose();
      expect(await errorOf(trainer.save())).toMatchObject({ code: 'disposed', path: 'trainer' });
      await here.dispose();
    });

    test('trains for epochs under a plateau, keeps the best and tells the page, as one without a worker', async () => {
      const plateau = {
        use: { type: 'reduceOnPlateau', monitor: 'val_loss', patience: 0, reduceFactor: 0.5, threshold: 1 },
      };
      const plan = { learningRate: { schedule: 0.1, controllers: { plateau } } };
      const told: unknown[][] = [[], []];
      const results = [];
      for (const [i, trainer] of [await connect({ plan }), await bitsTrainer(ort, parsePlan(plan))].entries()) {
        const epochs = { epochs: 3, batches: () => bitsData.slice(0, 5), validation: bitsData.slice(5, 7) };
        const result = await runEpochs(trainer, { ...epochs, onEpoch: (event) => void told[i]!.push(event) });
        results.push({ ...result, values: await trainer.scheduler.values() });
        await trainer.dispose();
      }
      expect(results[0]).toEqual(results[1]);
      expect(results[0]!.epochs).toHaveLength(3);
      expect(told).toEqual(results.map(({ epochs }) => epochs));
    });

    test('asks for as many batches as one without a worker, and stops at an abort where that one stops', async () => {
      const seen = [];
      for (const trainer of [await connect(), await bitsTrainer(ort)]) {
        const log: (number | string)[] = [];
        const controller = new AbortController();
        async function* stream(): AsyncGenerator<Batch> {
          try {
            for (const [i, batch] of bitsData.entries()) {
              log.push(i);
              yield batch;
            }
          } finally {
            log.push('left');
          }
        }
        const { updates, stopped } = await trainer.run(stream(), {
          signal: controller.signal,
          stepsPerCall: 3,
          onStep: ({ step }) => step === 5 && controller.abort(),
        });
        seen.push({ log, updates, stopped });
      }
      expect(seen[0]).toEqual({ log: [0, 1, 2, 3, 4, 5, 6, 'left'], updates: 6, stopped: 'aborted' });
      expect(seen[0]).toEqual(seen[1]);
    });

    test('fails with the class, the code and the sentence of the error in the worker', async () => {
      const trainer = await connect();
      const here = await bitsTrainer(ort);
      const bad = [{ x: bitsData[0]!['x']! }];
      const [crossed, own] = [await errorOf(trainer.run(bad)), await errorOf(here.run(bad))] as Error[];
      expect(own).toBeInstanceOf(Error);
      expect(crossed).toBeInstanceOf(own!.constructor);
      const { code, path, message } = own as TrainerError;
      expect(crossed).toMatchObject({ code, path, message });
      // It is as useful afterwards.
      expect((await trainer.run(bitsData.slice(0, 2))).updates).toBe(2);
      await here.dispose();

      expect(await errorOf(connect({ plan: { type: 'cosineDecay', initValue: -1, decaySteps: 5 } }))).toSatisfy(
        (error: ScheduleError) => error instanceof ScheduleError && error.parameter === 'initValue',
      );
      expect(await errorOf(connect({ trouble: 'noGradient' }))).toSatisfy(
        (error: OnnxError) => error instanceof OnnxError && error.code === 'noGradient' && error.path === 'Hardmax',
      );
    });

    test("fails with the very error that the page's own code threw", async () => {
      const trainer = await connect();
      const mine = new Error('mine');
      let left = false;
      function* failing(): Generator<Batch> {
        yield bitsData[0]!;
        throw mine;
      }
      function* fine(): Generator<Batch> {
        try {
          yield* bitsData;
        } finally {
          left = true;
        }
      }
      expect(await errorOf(trainer.run(failing()))).toBe(mine);
      const onStep = (): void => {
        throw mine;
      };
      expect(await errorOf(trainer.run(fine(), { onStep }))).toBe(mine);
      expect(left).toBe(true);
    });

    test('refuses a setup with functions, and says what crosses', async () => {
      const error = await errorOf(connect({ plan: bitsPlan }));
      expect(error).toBeInstanceOf(TrainerError);
      expect((error as TrainerError).message).toMatch(
        /^open: it holds what cannot cross .* a schedule crosses as its spec$/,
      );
    });

    test.each(['terminated', 'left'])('that is %s rejects what waits and what comes later', async (way) => {
      const worker = startWorker();
      const trainer = await connectTrainer(worker, setup);
      let left = false;
      function* endless(): Generator<Batch> {
        try {
          for (;;) yield bitsData[0]!;
        } finally {
          left = true;
        }
      }
      /** One that the worker waits for when it is terminated. */
      async function* stuck(): AsyncGenerator<Batch> {
        yield* bitsData.slice(0, 16);
        await new Promise(() => {});
      }
      let connection: Promise<unknown> = Promise.resolve();
      const run = trainer.run(way === 'left' ? endless() : stuck(), {
        // Step 10 is told before the stream is stuck, however slow the machine is.
        stepsPerCall: 4,
        onStep({ step }) {
          if (step !== 10) return;
          if (way === 'terminated') void worker.terminate();
          // Another connection makes the worker end itself.
          else connection = errorOf(connectTrainer(worker, { ...setup, trouble: 'ends' }));
        },
      });
      const error = await errorOf(run);
      expect(error).toBeInstanceOf(TrainerError);
      expect(error).toMatchObject({ code: 'disposed', path: 'worker' });
      expect(left).toBe(way === 'left');
      await connection;
      expect(await errorOf(trainer.save())).toMatchObject({ code: 'disposed', path: 'worker' });
      await worker.terminate();
    });

    test('whose script does not load is refused', async () => {
      expect(await errorOf(connectTrainer(brokenWorker(), setup))).toMatchObject({ code: 'runtime', path: 'worker' });
    });
  });
}
