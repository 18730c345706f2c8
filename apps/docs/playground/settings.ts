import { createSetup, digits, type Setup } from '@anneal/lab';

/** The run that the playground makes: long enough to see the schedule, short enough to wait for. */
export const setup: Setup = createSetup({ task: digits, seed: 1, epochs: 20, batchSize: 32, optimizer: 'sgd' });

export const { totalSteps } = setup;
