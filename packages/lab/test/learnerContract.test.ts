import { describe, expect, test, vi } from 'vitest';
import { backendNamed } from '../src/learners/backendNamed.ts';
import { learnerContract } from '../src/testing/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

describe.each(['onnxruntime-web'])('a learner of %s', (backend) => {
  test.each(learnerContract)('$name', async (law) => {
    await expect(law.check((setup) => backendNamed(backend).open(setup))).resolves.toBeUndefined();
  });
});
