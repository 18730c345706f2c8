import { standardLowerings, standardRules } from '@anneal/onnx';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { standardOperators } from '../../src/learners/tfjs/operators/standardOperators.ts';
import { allCases } from './allCases.ts';
import type { OperatorCase } from './operatorCase.ts';

const drawn = new Map<string, OperatorCase[]>();
for (const [name, cases] of Object.entries(allCases)) {
  const op = name.split(',')[0] as string;
  drawn.set(op, [...(drawn.get(op) ?? []), ...fc.sample(cases, { numRuns: 60, seed: 2 })]);
}

/** Not drawn: what is read to be refused, and what a case of its own in operators.test.ts sets. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: ['training_mode'],
  ConvTranspose: ['output_shape'],
  Resize: ['extrapolation_value'],
};

test.each(standardOperators.map((operator) => [operator.op, operator] as const))(
  '%s has cases, and they set each attribute that it takes into account',
  (op, { attributes = [] }) => {
    const cases = drawn.get(op) ?? [];
    expect(cases.length).toBeGreaterThan(0);
    const set = new Set([...cases.flatMap((one) => Object.keys(one.attributes ?? {})), ...(elsewhere[op] ?? [])]);
    expect(attributes.filter((name) => !set.has(name))).toEqual([]);
  },
);

/** Parts of sequences take two operators; they have a test of their own, models.test.ts. */
const lowered = standardLowerings.map(({ op }) => op).filter((op) => !op.includes('Sequence'));

test.each(lowered)('%s, which is lowered, has cases', (op) => {
  expect(drawn.has(op)).toBe(true);
});

test('everything that the rules of @anneal/onnx differentiate is interpreted', () => {
  const known = new Set([...standardOperators, ...standardLowerings].map(({ op }) => op));
  // Dropout is a mask that the trainer draws, here as there.
  expect(standardRules.map(({ op }) => op).filter((op) => !known.has(op) && op !== 'Dropout')).toEqual([]);
});
