import type { Kind } from '@anneal/core';

/** An object that describes another scheduler. */
export const description: Kind<Readonly<Record<string, unknown>>> = {
  kind: 'description',
  rule: 'the description of a scheduler: an object with name and args',
  read: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined,
};

/** ignite's milestones_values: pairs of a step and a value, the steps not falling. */
export const milestones: Kind<readonly (readonly [step: number, value: number])[]> = {
  kind: 'milestones',
  rule: 'a list of at least one pair of an integer >= 0 and a number >= 0, the first ones not falling',
  read: (value) => {
    if (!Array.isArray(value) || value.length === 0 || !value.every(isPair)) return undefined;
    return value.every(([step], i) => i === 0 || step >= value[i - 1]![0]) ? value : undefined;
  },
};

const isPair = (pair: unknown): pair is readonly [number, number] =>
  Array.isArray(pair) &&
  pair.length === 2 &&
  pair.every((item) => typeof item === 'number' && item >= 0 && item < Infinity) &&
  Number.isInteger(pair[0]);
