import { exponentialDecay, stepDecay, type DescribedSchedule } from '@anneal/core';

/** rate·gamma^t; a gamma of 0 keeps the first value and then is 0. */
export function geometric(rate: number, gamma: number): DescribedSchedule {
  return gamma === 0
    ? stepDecay({ initValue: rate, dropFactor: 0, dropSteps: 1 })
    : exponentialDecay({ initValue: rate, gamma });
}
