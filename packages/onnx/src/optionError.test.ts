import { describe, expect, test } from 'vitest';
import {
  adam,
  adamW,
  binaryCrossEntropy,
  huber,
  lion,
  meanSquaredError,
  momentum,
  OnnxError,
  rmsprop,
  sgd,
  softmaxCrossEntropy,
} from './index.ts';

const makers: Readonly<Record<string, (options?: never) => unknown>> = {
  sgd,
  momentum,
  rmsprop,
  adam,
  adamW,
  lion,
  meanSquaredError,
  huber,
  binaryCrossEntropy,
  softmaxCrossEntropy,
};

describe.each(Object.entries(makers))('%s', (name, make) => {
  const refused = (options: unknown): string => {
    try {
      make(options as never);
    } catch (error) {
      expect(error).toBeInstanceOf(OnnxError);
      expect(error).toMatchObject({ code: 'argument', path: name });
      return (error as OnnxError).message;
    }
    throw new Error('it was not refused');
  };

  test('takes no options, and those that are left out', () => {
    expect(typeof make()).toBe(typeof make({} as never));
  });

  test('refuses an option that it does not know, and positional arguments', () => {
    expect(refused({ colour: 1 })).toMatch(new RegExp(`^${name}: unknown option "colour"; known: \\w+`));
    for (const positional of [0.001, 'output', [1], () => 1, Promise.resolve({})])
      expect(refused(positional)).toMatch(new RegExp(`^${name}: options must be an object \\{ .* \\}; received `));
  });
});

test.each([
  [() => adam({ betas: [0.9, 0.99] } as never), 'adam: unknown option "betas", write beta1 and beta2; known: beta1'],
  [() => adamW({ weight_decay: 0.1 } as never), 'adamW: unknown option "weight_decay", write weightDecay; known: '],
  [() => adam({ eps: 1e-8 } as never), 'adam: unknown option "eps", write epsilon; known: '],
  [() => sgd({ lr: 0.1 } as never), 'the plan gives the rate: createTrainer(ort, model, { plan: 1e-3, … })'],
  [() => lion({ learningRate: 0.1 } as never), 'lion: unknown option "learningRate"; known: beta1'],
  [
    () => softmaxCrossEntropy({ label_smoothing: 0.1 } as never),
    'unknown option "label_smoothing", write labelSmoothing',
  ],
  [
    () => adamW({ decay: 'weight' } as never),
    'adamW: decay must be a regular expression, a list of names or a function',
  ],
  [() => sgd({ groups: { head: 'fc' } } as never), 'sgd: groups must be a regular expression, a list of names'],
  [() => rmsprop({ epsilonPlacement: 'in' } as never), 'epsilonPlacement must be "outside" or "inside"; received in'],
])('%s is told what is meant', (make, message) => expect(make).toThrow(message));
