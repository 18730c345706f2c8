import { readFileSync } from 'node:fs';
import { readModel } from '@anneal/onnx';
import { expect, test, vi } from 'vitest';

test("the README's first example is firstExample.ts, and does what it says", { timeout: 60_000 }, async () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(/```ts\n([\s\S]*?)```/.exec(read('../README.md'))?.[1]).toBe(
    read('./firstExample.ts').replace(/^.*\n|\nexport \{.*\n$/g, ''),
  );
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { applied, losses, onnxFile } = await import('./firstExample.ts');
  expect(log.mock.calls.flat().join()).toMatch(/^rate 0\.000645.* … 0\.0193.* … .*, loss /);
  log.mockRestore();
  expect(applied).toHaveLength(300);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  expect(readModel(onnxFile).graph.initializers.size).toBe(4);
});
