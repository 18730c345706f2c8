import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Case {
  readonly network: string;
  readonly exporter: 'dynamo' | 'legacy';
  readonly options: Readonly<Record<string, unknown>>;
  readonly batchNormalization: number;
  readonly inTrainingMode: number;
  readonly elementsInPyTorch: number;
  readonly elementsInFile: number;
}

const { cases } = JSON.parse(readFileSync(new URL('fixtures/folding.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};
const kept = (network: string, exporter: string, option?: string): Case =>
  cases.find(
    (entry) =>
      entry.network === network &&
      entry.exporter === exporter &&
      (option === undefined ? !('optimize' in entry.options || 'training' in entry.options) : option in entry.options),
  )!;

test('PyTorch’s exporters leave of a network what README.md says', () => {
  // Batch normalisation: folded by both; kept with optimize=False and with training.
  expect(kept('cnn', 'dynamo')).toMatchObject({ batchNormalization: 0 });
  expect(kept('cnn', 'dynamo', 'optimize')).toMatchObject({ batchNormalization: 2, inTrainingMode: 0 });
  expect(kept('cnn', 'legacy')).toMatchObject({ batchNormalization: 0 });
  expect(kept('cnn', 'legacy', 'training')).toMatchObject({ batchNormalization: 2, inTrainingMode: 2 });
  // Equal tensors become one.
  const [merged, apart] = [kept('gpt', 'dynamo'), kept('gpt', 'dynamo', 'optimize')];
  expect(merged.elementsInFile).toBeLessThan(merged.elementsInPyTorch);
  expect(apart.elementsInFile).toBe(apart.elementsInPyTorch);
  // A tied weight becomes two.
  const untied = kept('tied gpt', 'dynamo');
  expect(untied.elementsInFile).toBeGreaterThan(untied.elementsInPyTorch);
  for (const tied of [kept('tied gpt', 'dynamo', 'optimize'), kept('tied gpt', 'legacy', 'training')])
    expect(tied.elementsInFile).toBe(tied.elementsInPyTorch);
});
