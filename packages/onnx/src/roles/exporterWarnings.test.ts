import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exporterWarnings, inspectModel, raiseOpset, readModel, standardRules } from '../index.ts';

/** Recorded by tools/reference/onnx_roles.py: files written without the options that keep a network as it is. */
const { folded } = JSON.parse(readFileSync(new URL('fixtures/roles.json', import.meta.url), 'utf8')) as {
  readonly folded: Readonly<Record<string, string>>;
};

test.each([
  [
    'batch normalisation, dynamo',
    ['the exporter folded batch normalisation into convolutions, which are trained without it: 1'],
  ],
  [
    'batch normalisation, legacy',
    [/^the exporter folded batch normalisation into convolutions, .*: onnx::Conv_\d+, onnx::Conv_\d+$/],
  ],
  [
    'a tied embedding, dynamo',
    ['the exporter stored a shared weight twice, once transposed, and the two are trained apart: e.weight and val_0'],
  ],
  [
    'equal normalisations, dynamo',
    [/^the file holds 2 parameters fewer than the network: .*, among: 0.weight, 2.weight, 3.weight, 3.bias$/],
  ],
  ['a class token, dynamo', ['the exporter repeated these tensors for its batch, and they are not trained: expand']],
])('%s is warned of', (name, expected) => {
  const model = raiseOpset(readModel(Buffer.from(folded[name]!, 'base64')));
  const warnings = exporterWarnings(model.graph);
  expect(warnings).toEqual(expected.map((sentence) => expect.stringMatching(sentence)));
  expect(inspectModel(model, standardRules).warnings).toEqual(warnings);
});
