import { describe, test } from 'vitest';
import { expectFineTuning, expectFineTuningWithStoredStatistics, expectGradients } from './agreement.ts';
import { exportedFile } from './recording.ts';

// The rest of the files, and the larger networks, are in agreement.heavy.test.ts.
describe('the gradients of a network that PyTorch exported are those of PyTorch:', () => {
  test.each(['mlp.onnx', 'cnn.onnx', 'gpt.onnx'])('%s', async (name) => {
    await expectGradients(exportedFile(name));
  });
});

describe('fine-tunes as PyTorch does over 50 updates:', () => {
  test.each(['mlp.onnx', 'cnn.onnx'])('%s', async (name) => {
    await expectFineTuning(exportedFile(name));
  });
});

test('with stored statistics in batch normalisation, as PyTorch in eval mode', async () => {
  await expectFineTuningWithStoredStatistics(exportedFile('cnn.onnx'));
});
