import { describe, expect, test } from 'vitest';
import { expectFineTuning, expectGradients } from './agreement.ts';
import { exportedFile, exportedModel } from './recording.ts';

describe('the gradients of a network that PyTorch exported are those of PyTorch:', () => {
  test.each(['mlp.legacy.onnx', 'cnn.legacy.onnx', 'gpt.legacy.onnx'])('%s', async (name) => {
    await expectGradients(exportedFile(name));
  });
});

describe('fine-tunes as PyTorch does over 50 updates:', () => {
  const files = [
    'mlp.legacy.onnx',
    'cnn.legacy.onnx',
    'mobilenet.onnx',
    'mobilenet.legacy.onnx',
    'vit.onnx',
    'vit.plain.onnx',
    'gpt.onnx',
    'gpt.legacy.onnx',
  ];
  // The largest takes 4 s, and was seen to take 50 on a busy machine.
  test.each(files)('%s', { timeout: 240_000 }, async (name) => {
    await expectFineTuning(exportedFile(name));
  });
});

test('the files are what they are said to be', () => {
  const opsetOf = (name: string): number => {
    const { file } = exportedFile(name);
    const model = exportedModel(file);
    // Every input has a batch of any size.
    for (const { dims } of model.graph.inputs) expect(typeof dims![0]).toBe('string');
    expect(file.externalData).toBe(file.exporter === 'dynamo');
    return model.opsets.get('')!;
  };
  const names = ['mlp', 'cnn', 'mobilenet', 'vit', 'gpt'].map((network) => `${network}.onnx`);
  expect(names.map(opsetOf)).toEqual([20, 20, 20, 20, 20]);
  expect(['mlp', 'cnn', 'mobilenet', 'gpt'].map((network) => opsetOf(`${network}.legacy.onnx`))).toEqual([
    17, 17, 13, 17,
  ]);
  for (const name of ['mobilenet.onnx', 'mobilenet.legacy.onnx'])
    expect(exportedFile(name).file.operators['Conv']).toBe(62);
});
