import type { Trial } from '@anneal/lab';

/** The run that the playground makes: long enough to see the schedule, short enough to wait for. */
export const trial: Omit<Trial, 'backend' | 'schedule'> = {
  label: 'schedule',
  task: 'digits',
  optimizer: { name: 'sgd' },
  batchSize: 32,
  seed: 1,
  budget: { epochs: 20 },
  patience: null,
};

/** Its length, known before a worker has loaded the data: 20 epochs of 33 batches. */
export const totalSteps = 660;
