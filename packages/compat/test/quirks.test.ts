import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFixture } from './fixture.ts';

const source = new URL('../src/', import.meta.url);
const pages = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('quirks.md'));
const frameworks = new Set(readdirSync(new URL('../fixtures/', import.meta.url)));

describe.each(pages)('%s', (page) => {
  const framework = page.replace(/[/\\].*/, '');
  const text = readFileSync(new URL(page, source), 'utf8');

  test('names cases that are recorded', () => {
    expect(frameworks).toContain(framework);
    const recorded = new Set(readdirSync(new URL(`../fixtures/${framework}/`, import.meta.url)));
    const cited = [...text.matchAll(/`(\w+) ([\w-]+)`/g)].filter(([, name]) => recorded.has(`${name}.json`));
    const missing = cited.filter(([, name, id]) => !readFixture(framework, name!).cases.some((one) => one.id === id));
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  test('names versions that the cases were recorded from', () => {
    const program = readdirSync(new URL(`../fixtures/${framework}/`, import.meta.url))[0]!.replace('.json', '');
    const { versions } = readFixture(framework, program);
    const claimed = [
      ...text.matchAll(
        /\b(?:Keras|optax|JAX|TensorFlow|PyTorch|transformers|timm|Paddle|DeepSpeed|Composer|pytorch_warmup|fairseq|pytorch-ignite|mmengine|fastai) (\d+\.\d+\.\d+)/g,
      ),
    ].map(([, version]) => version);
    // PyTorch's version also says which build it is: 2.13.0+cpu.
    const recorded = Object.values(versions).map((version) => version.replace(/\+\w+$/, ''));
    expect(recorded).toEqual(expect.arrayContaining(claimed));
  });
});
