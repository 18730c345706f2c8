import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Predict } from '../source.ts';
import { hasFallen, longest, pushed, type CartPoleState } from './dynamics.ts';

/** What happened in an episode: the states in which it acted, and how. Each step has a reward of 1. */
export interface Episode {
  readonly states: readonly CartPoleState[];
  readonly actions: readonly number[];
}

/** Numbers that describe a state. */
export const observed = 4;
export const actions = 2;

/**
 * Episodes side by side, one for each generator, which draws the first state (each number within ±0.05) and then the actions, each with the probability
 * that the policy gives it; or `greedy`, the likelier one. One call of the policy serves a step of all that still go on.
 */
export async function play(
  act: Predict,
  randoms: readonly RandomGenerator[],
  greedy: boolean,
): Promise<readonly Episode[]> {
  const episodes = randoms.map((random) => ({
    random,
    state: Array.from({ length: observed }, () => 0.1 * uniformFloat64(random) - 0.05) as unknown as CartPoleState,
    states: [] as CartPoleState[],
    actions: [] as number[],
  }));
  let going = episodes;
  for (let step = 0; step < longest && going.length > 0; step += 1) {
    const data = Float32Array.from(going.flatMap(({ state }) => state));
    const { logits } = await act({ inputs: { data, dims: [going.length, 1, observed] } });
    const scores = logits!.data as Float32Array;
    going = going.filter((episode, i) => {
      const lead = scores[2 * i + 1]! - scores[2 * i]!;
      const action = (greedy ? lead > 0 : uniformFloat64(episode.random) < 1 / (1 + Math.exp(-lead))) ? 1 : 0;
      episode.states.push(episode.state);
      episode.actions.push(action);
      episode.state = pushed(episode.state, action);
      return !hasFallen(episode.state);
    });
  }
  return episodes;
}
