import { readFileSync } from 'node:fs';
import { createScheduler, planToJSON } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { relativeBar } from '../../test/agreement.ts';
import { parsePlan } from '../parsePlan.ts';
import { read } from './read.ts';

interface Recorded {
  readonly description: { readonly name: string };
  /** The values of each group, by hyperparameter. */
  readonly groups: readonly Readonly<Record<string, readonly number[]>>[];
  readonly metrics?: readonly (number | null)[];
}

const url = new URL('../../fixtures/accepted/torchGroups.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { readonly cases: readonly Recorded[] };

test.each(cases)('$description.name over several parameter groups gives the recorded values of each', (one) => {
  const plan = read(one.description);
  const scheduler = createScheduler(parsePlan(planToJSON(plan)));
  const [first] = one.groups;
  for (let step = 0; step < Object.values(first!)[0]!.length; step += 1) {
    const { groups = {} } = scheduler.values();
    expect(Object.keys(groups)).toEqual(one.groups.map((_, i) => `group${i}`));
    one.groups.forEach((recorded, i) => {
      for (const [name, theirs] of Object.entries(recorded)) {
        const ours = (groups[`group${i}`] as unknown as Readonly<Record<string, number>>)[name]!;
        expect(
          Math.abs(ours - theirs[step]!),
          `group${i} ${name} at step ${step}: ${ours}, ${theirs[step]}`,
        ).toBeLessThanOrEqual(relativeBar * Math.max(Math.abs(theirs[step]!), 1e-3 * Math.max(...theirs)));
      }
    });
    scheduler.advance();
    const metric = one.metrics?.[step] ?? NaN;
    scheduler.report(Object.fromEntries([...scheduler.monitors()].map((monitor) => [monitor, metric])));
  }
});

describe('lists', () => {
  test('of one are one group, which needs no name', () => {
    const plan = read({ name: 'StepLR', args: { step_size: 3 }, lr: [0.1] });
    expect(planToJSON(plan)).toEqual(planToJSON(read({ name: 'StepLR', args: { step_size: 3 }, lr: 0.1 })));
  });

  test.each([
    [
      { name: 'OneCycleLR', args: { max_lr: [0.1, 0.2], total_steps: 9 }, lr: [0.1, 0.2, 0.3] },
      '/args/max_lr',
      'OneCycleLR: max_lr must be one for each of the 3 parameter groups that lr has',
    ],
    [{ name: 'StepLR', args: { step_size: 3 }, lr: [] }, '', 'lr must be a list of 1 to 256'],
    [{ name: 'StepLR', args: { step_size: [3, 4] }, lr: 0.1 }, '/args/step_size', 'step_size must be a number > 0'],
    [{ name: 'StepLR', args: { step_size: 3 }, lr: [0.1, 'fast'] }, '/lr', 'lr must be a number >= 0; received "fast"'],
  ])('that do not fit are refused: %j', (description, path, words) => {
    const error = refusal(read, description as object);
    expect(error.path).toBe(path);
    expect(error.message).toContain(words);
  });
});
