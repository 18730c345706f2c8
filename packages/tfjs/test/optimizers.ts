import * as tf from '@tensorflow/tfjs-core';
import { adadelta, adagrad, adam, adamax, momentum, rmsprop, sgd, type Reference } from './reference.ts';

/** Explicit, because tfjs's default differs between backends (1e-4 on webgl, 1e-7 elsewhere). */
export const epsilon = 1e-7;

export interface Case {
  readonly name: string;
  readonly className: string;
  readonly make: () => tf.Optimizer;
  readonly reference: () => Reference;
  /**
   * Largest difference to float64 after 50 updates of size up to 0.05 on weights below 2, with its reason, in units of
   * u = 2⁻²⁴, the largest rounding error of such a weight. 50 roundings of standard deviation u/√3 add up to one of 4 u:
   * three times that, 12 u, is the least that can be asked for.
   */
  readonly tolerance: number;
}

const u = 2 ** -24;

/** Every optimizer class of tfjs, Momentum and RMSProp in both of their forms. */
export const cases: readonly Case[] = [
  { name: 'SGD', className: 'SGD', make: () => tf.train.sgd(1), reference: sgd, tolerance: 12 * u },
  // The velocity is rounded too, at up to ten times the gradient's size.
  {
    name: 'Momentum',
    className: 'Momentum',
    make: () => tf.train.momentum(1, 0.9),
    reference: () => momentum(0.9, false),
    tolerance: 24 * u,
  },
  {
    name: 'Nesterov',
    className: 'Momentum',
    make: () => tf.train.momentum(1, 0.9, true),
    reference: () => momentum(0.9, true),
    tolerance: 24 * u,
  },
  // A square, a root and a quotient round as well.
  {
    name: 'Adagrad',
    className: 'Adagrad',
    make: () => tf.train.adagrad(1, 0.1),
    reference: () => adagrad(0.1, tf.backend().epsilon()), // the one class that takes it from the backend at every update
    tolerance: 24 * u,
  },
  {
    name: 'Adadelta',
    className: 'Adadelta',
    make: () => tf.train.adadelta(1, 0.95, epsilon),
    reference: () => adadelta(0.95, epsilon),
    tolerance: 24 * u,
  },
  // 0.999 in float32 is off by 0.2 u, so 1 − β₂ᵗ is relatively off by 200 u, its root by 100 u, and with it updates
  // that add up to less than 1.
  {
    name: 'Adam',
    className: 'Adam',
    make: () => tf.train.adam(1, 0.9, 0.999, epsilon),
    reference: () => adam(0.9, 0.999, epsilon),
    tolerance: 100 * u,
  },
  // 0.9 in float32 is off by 0.4 u, so 1 − β₁ᵗ is relatively off by 4 u.
  {
    name: 'Adamax',
    className: 'Adamax',
    make: () => tf.train.adamax(1, 0.9, 0.999, epsilon, 0),
    reference: () => adamax(0.9, 0.999, epsilon),
    tolerance: 24 * u,
  },
  {
    name: 'RMSProp',
    className: 'RMSProp',
    make: () => tf.train.rmsprop(1, 0.9, 0, epsilon),
    reference: () => rmsprop(0.9, 0, epsilon),
    tolerance: 24 * u,
  },
  // The buffer is ten updates large, and its rounding error goes into every later update.
  {
    name: 'RMSProp with momentum',
    className: 'RMSProp',
    make: () => tf.train.rmsprop(1, 0.9, 0.9, epsilon),
    reference: () => rmsprop(0.9, 0.9, epsilon),
    tolerance: 48 * u,
  },
];
