import { standardLowerings, standardRules, webgpuRules, type GradientRule } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { attentionCases } from './attentionCases.ts';
import { compareWithDifferences } from './centralDifferences.ts';
import { elementwiseCases } from './elementwiseCases.ts';
import { convolutionCases, normalizationCases, poolingCases, resizeCases } from './imageCases.ts';
import { crossEntropyCases, linearCases } from './linearCases.ts';
import { moveCases } from './moveCases.ts';
import { recurrentCases } from './recurrentCases.ts';
import type { RuleCase } from './ruleCase.ts';

const all: readonly RuleCase[] = [
  ...elementwiseCases,
  ...linearCases,
  ...crossEntropyCases,
  ...moveCases,
  ...convolutionCases,
  ...poolingCases,
  ...normalizationCases,
  ...resizeCases,
  ...recurrentCases,
  ...attentionCases,
];

/** Models of later operator sets are kept as they are: the last case of each operator is in set 23. */
const cases = all.map((testCase, i): RuleCase => {
  const isLast = all.findLastIndex(({ op }) => op === testCase.op) === i;
  return isLast ? { ...testCase, opset: 23 } : testCase;
});

/**
 * Relative to the largest difference. An output near 1 carries 6e-8 of rounding, transcendental functions of the runtime a few times that,
 * which the formula divides by h = 1/32 and the sum over outputs multiplies: some 1e-5. A wrong rule is off by a share of the gradient.
 */
const tolerance = 1e-4;

const nameOf = ({ op, note, inputs, attributes = {}, opset = 18 }: RuleCase): string => {
  const shapes = inputs.map((input) => (input === undefined ? '-' : `[${input.dims.join()}]`)).join(' ');
  const set = Object.entries(attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [op, opset, shapes, ...set, note ?? ''].join(' ').trim();
};

async function expectAgreement(testCase: RuleCase, rules: readonly GradientRule[]): Promise<void> {
  for (const { input, rule, differences } of await compareWithDifferences(testCase, rules)) {
    const varied = [...differences.keys()].filter((i) => !Number.isNaN(differences[i]!));
    const scale = Math.max(...varied.map((i) => Math.abs(differences[i]!)));
    expect(scale, `input ${input} matters`).toBeGreaterThan(0.04);
    const worst = Math.max(...varied.map((i) => Math.abs(differences[i]! - rule[i]!)));
    expect(worst, `input ${input}`).toBeLessThan(tolerance * scale);
  }
}

describe('a gradient rule, or a lowering, agrees with central differences', () => {
  test.each(cases.map((testCase) => [nameOf(testCase), testCase] as const))('%s', async (_, testCase) => {
    await expectAgreement(testCase, standardRules);
  });
});

describe('a rule for WebGPU, run on the CPU, agrees with central differences', () => {
  const covered = cases.filter(
    ({ op, attributes = {} }) => op === 'Gather' || (op === 'MaxPool' && !('storage_order' in attributes)),
  );
  test.each(covered.map((testCase) => [nameOf(testCase), testCase] as const))('%s', async (_, testCase) => {
    await expectAgreement(testCase, [...standardRules, ...webgpuRules]);
  });
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
