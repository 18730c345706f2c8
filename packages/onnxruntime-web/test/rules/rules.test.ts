import { standardLowerings, standardRules, webgpuRules } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { ort } from '../ort.ts';
import { cases, expectAgreement, nameOf } from './agreement.ts';
import { x, type RuleCase } from './ruleCase.ts';

describe('a gradient rule, or a lowering, agrees with central differences', () => {
  test.each(cases.map((testCase) => [nameOf(testCase), testCase] as const))('%s', async (_, testCase) => {
    await expectAgreement(testCase, standardRules, { ort });
  });
});

describe('a rule for WebGPU, run on the CPU, agrees with central differences', () => {
  const covered = cases.filter(
    ({ op, attributes = {} }) => op === 'Gather' || (op === 'MaxPool' && !('storage_order' in attributes)),
  );
  test.each(covered.map((testCase) => [nameOf(testCase), testCase] as const))('%s', async (_, testCase) => {
    await expectAgreement(testCase, [...standardRules, ...webgpuRules], { ort });
  });
});

test('a transposed convolution that onnxruntime computes wrong on WebGPU is refused there', async () => {
  const wrong: RuleCase = { op: 'ConvTranspose', inputs: [x(1, 4, 3, 3), x(4, 1, 2, 2)], attributes: { group: 2 } };
  await expect(expectAgreement(wrong, [...standardRules, ...webgpuRules], { ort })).rejects.toThrow(
    'has no gradient rule for groups of several channels that give one each',
  );
  await expectAgreement(wrong, standardRules, { ort });
});

describe('the cases cover', () => {
  const differentiable = standardRules.filter(({ inputs }) => inputs?.length !== 0);
  const recurrent = [0, 1, 2, 3, 5];
  const inputsOf: Record<string, number[]> = {
    LSTM: [...recurrent, 6],
    GRU: recurrent,
    RNN: recurrent,
    Attention: [0, 1, 2, 3],
  };
  // Sequences take two operators and have a test of their own, lowerings.test.ts.
  const lowered = standardLowerings
    .filter(({ op }) => !op.includes('Sequence'))
    .map((lowering) => ({ ...lowering, inputs: inputsOf[lowering.op] ?? [0] }));

  test.each([...differentiable, ...lowered].map((rule) => [rule.op, rule] as const))(
    '%s: every attribute, every input with a gradient',
    (op, rule) => {
      const own = cases.filter((testCase) => testCase.op === op);
      const set = new Set(own.flatMap(({ attributes = {} }) => Object.keys(attributes)));
      expect([...set].sort()).toEqual([...(rule.attributes ?? [])].sort());
      const varied = new Set(
        own.flatMap(({ inputs }) =>
          inputs.flatMap((input, i) => (input !== undefined && !('type' in input) ? [i] : [])),
        ),
      );
      for (const input of rule.inputs ?? [0]) expect(varied).toContain(input);
    },
  );
});
