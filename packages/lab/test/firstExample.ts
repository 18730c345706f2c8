// The example of README.md; readme.test.ts holds the two together and runs it.
import { parsePlan } from '@anneal/core';
import { controlPlan, createLearner, createSetup, defaultSchedule, digits, train } from '@anneal/lab';

// The same batches, initial weights and length for every backend and every schedule.
const setup = createSetup({ task: digits, seed: 1, epochs: 2 });
const plan = parsePlan(defaultSchedule(0.2), setup.horizon); // 10 % linear warm-up, then a cosine to 0

const accuracies = new Map<string, number>();
const curve: number[] = [];
for (const backend of ['tfjs', 'onnxruntime-web']) {
  for (const [run, drives] of Object.entries({ schedule: plan, control: controlPlan(plan, setup) })) {
    const learner = await createLearner(backend, { setup, plan: drives });
    const { test } = await train(learner, setup, {
      run,
      sink: {
        write(events) {
          for (const event of events) {
            // A step holds the values that the framework applied, an evaluation its metrics.
            if (event.event === 'step') curve.push(event.values['learningRate']!);
          }
        },
      },
    });
    accuracies.set(`${run} on ${backend}`, test.accuracy);
    await learner.dispose();
  }
}

export { accuracies, curve };
