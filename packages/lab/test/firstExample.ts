// The example of README.md; readme.test.ts holds the two together and runs it.
import { backendNamed, createSetup, defaultSchedule, runTrial, type Trial } from '@anneal/lab';

// A trial is plain JSON. The same weights and batches reach every backend; "10%" and "90%" are of the run's length.
const trial: Trial = {
  label: 'schedule',
  task: 'digits',
  backend: 'tfjs-wasm',
  optimizer: { name: 'momentum' },
  schedule: defaultSchedule(0.2), // 10 % linear warm-up, then a cosine to 0
  batchSize: 32,
  seed: 1,
  budget: { epochs: 2 },
  patience: null,
};

const accuracies = new Map<string, number>();
const rates: number[] = [];
for (const backend of ['tfjs-wasm', 'onnxruntime-web-wasm']) {
  const setup = await createSetup({ ...trial, backend });
  const learner = await backendNamed(backend).open(setup);
  const { measured } = await runTrial(setup, learner, {
    events(events) {
      // A step holds the values that the framework applied, an evaluation its metrics.
      for (const event of events) if (event.event === 'step') rates.push(event.values.learningRate);
    },
  });
  accuracies.set(backend, measured.test!['accuracy']!);
  await learner.dispose();
}

export { accuracies, rates };
