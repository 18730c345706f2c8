import type { GradientRule } from '@anneal/onnx';
import { expect } from 'vitest';
import { attentionCases } from './attentionCases.ts';
import { compareWithDifferences, type Runtime } from './centralDifferences.ts';
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
export const cases: readonly RuleCase[] = all.map((testCase, i): RuleCase => {
  const isLast = all.findLastIndex(({ op }) => op === testCase.op) === i;
  return isLast ? { ...testCase, opset: 23 } : testCase;
});

/**
 * Relative to the largest difference. An output near 1 carries 6e-8 of rounding, transcendental functions of the runtime a few times that,
 * which the formula divides by h = 1/32 and the sum over outputs multiplies: some 1e-5. A wrong rule is off by a share of the gradient.
 */
const tolerance = 1e-4;

export const nameOf = ({ op, note, inputs, attributes = {}, opset = 18 }: RuleCase): string => {
  const shapes = inputs.map((input) => (input === undefined ? '-' : `[${input.dims.join()}]`)).join(' ');
  const set = Object.entries(attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [op, opset, shapes, ...set, note ?? ''].join(' ').trim();
};

/** Gradients by these rules are those that central differences show. */
export async function expectAgreement(
  testCase: RuleCase,
  rules: readonly GradientRule[],
  runtime: Runtime,
): Promise<void> {
  for (const { input, rule, differences } of await compareWithDifferences(testCase, rules, runtime)) {
    const varied = [...differences.keys()].filter((i) => !Number.isNaN(differences[i]!));
    const scale = Math.max(...varied.map((i) => Math.abs(differences[i]!)));
    expect(scale, `input ${input} matters`).toBeGreaterThan(0.04);
    const worst = Math.max(...varied.map((i) => Math.abs(differences[i]! - rule[i]!)));
    expect(worst, `input ${input}`).toBeLessThan(tolerance * scale);
  }
}
