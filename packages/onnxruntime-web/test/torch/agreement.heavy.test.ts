import { describe, expect, test } from 'vitest';
import { expectFineTuning, expectGradients } from './agreement.ts';
import { exportedFile } from './recording.ts';

describe('the gradients of a network that PyTorch exported are those of PyTorch:', () => {
  test.each(['mlp.legacy.onnx', 'cnn.legacy.onnx', 'gpt.legacy.onnx'])('%s', async (name) => {
    await expectGradients(exportedFile(name));
  });
});

describe('fine-tunes as PyTorch does over 50 updates:', () => {
  const files = [
    'mlp.legacy.onnx',
    'cnn.legacy.onnx',
    'mobilenet.legacy.onnx',
    'vit.onnx',
    'gpt.onnx',
    'gpt.legacy.onnx',
  ];
  test.each(files)('%s', async (name) => {
    await expectFineTuning(exportedFile(name));
  });
});

test('the files are what they are said to be', () => {
  const of = (name: string) => exportedFile(name).file;
  expect(of('mobilenet.legacy.onnx').operators['Conv']).toBeGreaterThanOrEqual(50);
  expect([of('gpt.onnx').opset, of('gpt.legacy.onnx').opset]).toEqual([20, 17]);
  expect(['mlp.onnx', 'vit.onnx', 'gpt.onnx'].every((name) => of(name).externalData)).toBe(true);
});
