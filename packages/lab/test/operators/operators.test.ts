import { expect, test } from 'vitest';
import { allCases } from './allCases.ts';
import { describeOperators } from './contract.ts';

const draws = { seed: 1, numRuns: 6 };
const [cpu, wasm] = [describeOperators('cpu', draws), describeOperators('wasm', draws)];

test('the table of operators says what was found to agree', async () => {
  const rows = Object.keys(allCases)
    .sort()
    .map((name) => `| ${name} | ${cpu.get(name)} | ${wasm.get(name)} |`);
  const table = `# Operators on TensorFlow.js

What a forward ONNX graph may hold to be trained on TensorFlow.js. A test writes this table: it runs each operator on each device and holds results
and gradients to onnxruntime's (\`npx vitest run --project lab operators.test --update\`). Operators of earlier sets are raised to set 18.

| operator | tfjs-cpu | tfjs-wasm |
| --- | --- | --- |
${rows.join('\n')}
`;
  await expect(table).toMatchFileSnapshot('../../operators.gen.md');
});
