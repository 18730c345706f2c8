import { expect, test } from 'vitest';
import { reduceOnPlateau, spikeGuard, type Plan } from '../index.ts';
import { unheardControllers } from './unheardControllers.ts';

const plan: Plan = {
  learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({}) } } },
  momentum: { schedule: 0.9, controllers: { guard: { use: spikeGuard({}), from: 9 } } },
  groups: {
    head: { learningRate: { schedule: 1, controllers: { late: { use: reduceOnPlateau({ monitor: 'val_loss' }) } } } },
  },
};

test('names every controller whose metric nobody reports, those of groups and later windows too, each once', () => {
  const paths = (...reported: string[]): string[] => unheardControllers(plan, reported).map(({ path }) => path);
  expect(paths()).toEqual(['learningRate/plateau', 'momentum/guard', 'groups/head/learningRate/late']);
  expect(paths('batchLoss')).toEqual(['learningRate/plateau', 'groups/head/learningRate/late']);
  expect(paths('batchLoss', 'loss', 'val_loss')).toEqual([]);
  expect(unheardControllers({ learningRate: 0.1 }, [])).toEqual([]);
});
