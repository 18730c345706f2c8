import type { Batch } from '../../data/tensor.ts';
import { meanReturn } from '../../metrics/meanReturn.ts';
import { mlp } from '../../models/mlp.ts';
import { generator } from '../../random/generator.ts';
import type { Source } from '../source.ts';
import type { Task } from '../task.ts';
import { longest } from './dynamics.ts';
import { actions, observed, play, type Episode } from './episodes.ts';
import { policyLoss } from './policyLoss.ts';

/** What a reward is worth a step later. */
const discount = 0.99;
/** Updates that are called an epoch. */
const stepsPerEpoch = 20;
/** Episodes in which a policy is judged, by taking the likelier action. */
const judged = { train: 10, validation: 10, test: 50 };

const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.3,
  momentum: 0.03,
  rmsprop: 0.005,
  adam: 0.01,
  adamW: 0.01,
};

/**
 * Balancing a pole on a cart, learned by REINFORCE: an update plays episodes with the policy as it is, and makes likelier what went better
 * than the mean of all steps.
 *
 * A batch holds whole episodes, filled up to the longest: nothing is carried from one update to the next, so that seed, step and policy say
 * everything.
 */
export const cartpole: Task = {
  name: 'cartpole',
  description: 'Cart and pole (CartPole-v1), REINFORCE, 8 episodes an update, perceptron 4-32-2',
  note: 'The reward is the number of steps, at most 500; single runs differ much, so compare many seeds.',
  model: mlp([observed, 32, actions], { axes: ['batch', 'time'] }),
  loss: policyLoss,
  metrics: [meanReturn()],
  defaults: {
    epochs: 6,
    batchSize: 8,
    optimizer: 'adam',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.01,
  },
  open: ({ seed, batchSize }) => cartpoleSource(seed, batchSize),
};

function cartpoleSource(seed: number, batchSize: number): Source {
  const randoms = (count: number, ...path: readonly (string | number)[]) =>
    Array.from({ length: count }, (_, episode) => generator(seed, 'cartpole', ...path, episode));
  return {
    stepsPerEpoch,
    batch: async (step, act) => batchOf(await play(act, randoms(batchSize, 'batch', step), false)),
    example: batchOf(Array.from({ length: batchSize }, () => ({ states: [], actions: [] }))),
    async *examples(split, act) {
      // The same first states at every look, so that looks differ by the policy alone.
      const episodes = await play(act, randoms(judged[split], split), true);
      const returns = Float32Array.from(episodes, ({ states }) => states.length);
      const dims = [episodes.length, 1, observed];
      yield {
        inputs: { data: new Float32Array(observed * episodes.length), dims },
        returns: { data: returns, dims: [episodes.length] },
      };
    },
  };
}

/** Episodes as a batch: states, one-hot actions, and how much better than the mean each step turned out, in deviations. */
export function batchOf(episodes: readonly Episode[]): Batch {
  const count = episodes.length;
  const inputs = new Float32Array(count * longest * observed);
  const chosen = new Float32Array(count * longest * actions);
  const advantages = new Float32Array(count * longest);
  const gains = episodes.map(({ states }) => discounted(states.length));
  const all = gains.flatMap((one) => [...one]);
  const mean = all.reduce((sum, gain) => sum + gain, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / all.length);
  episodes.forEach(({ states, actions: taken }, episode) => {
    states.forEach((state, step) => {
      const at = episode * longest + step;
      inputs.set(state, observed * at);
      chosen[actions * at + taken[step]!] = 1;
      // Where all gains are alike there is nothing to learn from them.
      advantages[at] = deviation > 0 ? (gains[episode]![step]! - mean) / deviation / all.length : 0;
    });
  });
  return {
    inputs: { data: inputs, dims: [count, longest, observed] },
    actions: { data: chosen, dims: [count, longest, actions] },
    advantages: { data: advantages, dims: [count, longest] },
  };
}

/** The discounted sum of rewards from each step of an episode on. */
function discounted(length: number): Float64Array {
  const gains = new Float64Array(length);
  for (let step = length - 1; step >= 0; step -= 1) gains[step] = 1 + discount * (gains[step + 1] ?? 0);
  return gains;
}
