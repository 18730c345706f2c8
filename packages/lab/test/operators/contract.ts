import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadOnnxruntimeWeb } from '../../src/learners/onnxruntime-web/loadOnnxruntimeWeb.ts';
import { loadTfjs } from '../../src/learners/tfjs/loadTfjs.ts';
import type { Tfjs } from '../../src/learners/tfjs/operators/operator.ts';
import { onOnnxruntime, onTfjs } from './agreement.ts';
import { allCases } from './allCases.ts';

/**
 * Relative to the largest number of a result, and to 1: sums of some ten float32 products in another order, and transcendental functions of two
 * runtimes, each within a few units in the last place (6e-8).
 */
const tolerance = 4e-6;
/** An output carries 1e-7 of rounding, which the formula divides by h = 1/32; and its error h⁴/30·L⁽⁵⁾. A wrong gradient is off by a share of itself. */
const toleranceOfDifferences = 1e-4;

/** What was found to agree with onnxruntime, for each operator. */
export type Agreement = Map<string, 'forward' | 'forward, gradient'>;

/** Holds every operator on one device to onnxruntime, over cases that are drawn by a seed. */
export function describeOperators(
  device: 'cpu' | 'wasm',
  draws: { readonly seed: number; readonly numRuns: number },
): Agreement {
  const agreed: Agreement = new Map();
  describe(`on ${device}, interpreting agrees with onnxruntime, forward and gradient:`, () => {
    let tf: Tfjs;
    let ort: Awaited<ReturnType<typeof loadOnnxruntimeWeb>>;
    beforeAll(async () => {
      tf = await loadTfjs(device);
      ort = await loadOnnxruntimeWeb();
    });

    test.each(Object.entries(allCases))('%s', async (name, cases) => {
      let hasGradient = false;
      const agrees = fc.asyncProperty(cases, async (one) => {
        const [expected, found] = [await onOnnxruntime(ort, one), await onTfjs(tf, ort, one)];
        expect(found.outputs.length).toBe(expected.outputs.length);
        expected.outputs.forEach((output, i) => expectClose(found.outputs[i]!, output, `output ${i}`));
        expect([...found.gradients.keys()]).toEqual([...expected.gradients.keys()]);
        const bound = expected.byDifferences === true ? toleranceOfDifferences : tolerance;
        for (const [input, gradient] of expected.gradients)
          expectClose(found.gradients.get(input)!, gradient, `gradient of ${input}`, bound);
        if (expected.gradients.size > 0) hasGradient = true;
      });
      await fc.assert(agrees, { ...draws, endOnFailure: false });
      agreed.set(name, hasGradient ? 'forward, gradient' : 'forward');
    });
  });
  return agreed;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string, bound = tolerance): void {
  expect(found.length, what).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  const close = Array.from(
    expected,
    (value, i) => Math.abs(found[i]! - value) <= bound * scale || Object.is(found[i], value),
  );
  if (!close.every(Boolean)) expect(Array.from(found), what).toEqual(Array.from(expected));
}
