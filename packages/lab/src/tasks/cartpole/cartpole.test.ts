import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { meanReturn } from '../../metrics/meanReturn.ts';
import type { Predict } from '../source.ts';
import { batchOf, cartpole } from './cartpole.ts';
import { hasFallen, longest, pushed, type CartPoleState } from './dynamics.ts';

interface Trajectory {
  readonly policy: string;
  readonly seed: number;
  readonly start: CartPoleState;
  readonly actions: string;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly steps: readonly number[];
  readonly states: readonly CartPoleState[];
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/trajectories.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Trajectory[];
};

test.each(cases)('moves as CartPole-v1 does: $policy actions, seed $seed', (recorded) => {
  let state = recorded.start;
  Array.from(recorded.actions, Number).forEach((action, i) => {
    expect(hasFallen(state)).toBe(false);
    state = pushed(state, action);
    const at = recorded.steps.indexOf(i + 1);
    // One unit of a last place in a cosine grows with the pole: e^0.09 a step where nobody balances it, for sixty steps.
    if (at >= 0) state.forEach((value, k) => expect(value).toBeCloseTo(recorded.states[at]![k]!, 12));
  });
  expect(hasFallen(state)).toBe(recorded.terminated);
  if (recorded.truncated) expect(recorded.actions.length).toBe(longest);
});

/** A policy by hand: push to where the pole falls, surely or as a coin with these odds. */
const policy =
  (certainty: number): Predict =>
  async ({ inputs }) => {
    const count = inputs!.dims[0]!;
    const data = new Float32Array(2 * count);
    for (let i = 0; i < count; i += 1)
      data[2 * i + 1] = certainty * ((inputs!.data[4 * i + 2] as number) + 0.5 * (inputs!.data[4 * i + 3] as number));
    return { logits: { data, dims: [count, 1, 2] } };
  };

const judged = async (act: Predict): Promise<number> => {
  const source = await cartpole.open({ seed: 1, batchSize: 4 });
  const metric = meanReturn();
  let state = metric.init();
  for await (const batch of source.examples('test', act)) state = metric.add(state, await act(batch), batch);
  return metric.value(state);
};

test('a policy that balances lasts to the end, one that always pushes one way falls soon', async () => {
  expect(await judged(policy(1))).toBe(500);
  expect(await judged(policy(0))).toBeLessThan(12);
});

test('a batch follows from seed, step and policy', async () => {
  const open = (seed: number) => cartpole.open({ seed, batchSize: 3 });
  const [one, again, other] = await Promise.all([open(5), open(5), open(6)]);
  const batch = await one.batch(7, policy(3));
  expect(await again.batch(7, policy(3))).toEqual(batch);
  expect(await other.batch(7, policy(3))).not.toEqual(batch);
  expect(await one.batch(8, policy(3))).not.toEqual(batch);
  expect(Object.entries(batch).map(([name, { dims }]) => [name, dims])).toEqual(
    Object.entries(one.example!).map(([name, { dims }]) => [name, dims]),
  );
});

test('advantages are discounted sums of rewards, less their mean, in deviations, each a share of all steps', () => {
  const state: CartPoleState = [0, 0, 0, 0];
  const { advantages, actions } = batchOf([
    { states: [state, state], actions: [1, 0] },
    { states: [state], actions: [1] },
  ]);
  // Gains 1.99, 1 and 1: mean 1.33, deviation 0.4667.
  const gains = [1.99, 1, 1];
  const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - 1.33) ** 2, 0) / 3);
  const expected = gains.map((gain) => (gain - 1.33) / deviation / 3);
  expect(advantages!.data[0]).toBeCloseTo(expected[0]!, 6);
  expect(advantages!.data[1]).toBeCloseTo(expected[1]!, 6);
  expect(advantages!.data[longest]).toBeCloseTo(expected[2]!, 6);
  expect([...(advantages!.data as Float32Array)].filter((value) => value !== 0).length).toBe(3);
  expect([...(actions!.data as Float32Array).subarray(0, 4)]).toEqual([0, 1, 1, 0]);
  const alike = batchOf([{ states: [state], actions: [0] }]);
  expect((alike['advantages']!.data as Float32Array).every((value) => value === 0)).toBe(true);
});
