import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { reportedMetrics, backends, optimizers } from '../src/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test("the README's example is firstExample.ts, and both backends come to the same", async () => {
  expect(/```ts\n([\s\S]*?)```/.exec(read('../README.md'))?.[1]).toBe(
    read('./firstExample.ts').replace(/^.*\n|\nexport \{.*\n$/g, ''),
  );
  const { accuracies, curve } = await import('./firstExample.ts');
  expect(curve).toHaveLength(4 * 66);
  expect(accuracies.get('schedule on tfjs')).toBeGreaterThan(0.8);
  for (const run of ['schedule', 'control'])
    expect(accuracies.get(`${run} on tfjs`)).toBe(accuracies.get(`${run} on onnxruntime-web`));
});

test('the README names every backend, optimizer and metric', () => {
  const text = read('../README.md');
  for (const name of [...Object.keys(backends), ...Object.keys(optimizers), ...reportedMetrics])
    expect(text).toContain(`\`${name}\``);
});
