import { createSetup, defaultSchedule } from '@anneal/lab';
import { expect, test } from 'vitest';
import { totalSteps, trial } from './settings.ts';

test('the page knows how long the run is', async () => {
  const setup = await createSetup({ ...trial, backend: 'tfjs', schedule: defaultSchedule(0.1) });
  expect(setup.totalSteps).toBe(totalSteps);
});
