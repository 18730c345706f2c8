import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { describeDefinitions, type DescribedDefinition } from '../../../scripts/generate/describeDefinitions.ts';
import { findDefinitions } from '../../../scripts/generate/findDefinitions.ts';
import { readDocs, type DocumentedExport } from '../../../scripts/generate/readDocs.ts';
import { runExample, type ExampleCheck } from '../../../scripts/generate/runExample.ts';
import * as kinds from '../src/generated/kinds.gen.ts';
import { outlines } from '../src/generated/outlines.gen.ts';
import * as core from '../src/index.ts';

const src = new URL('../src', import.meta.url).pathname;
const index = `${src}/index.ts`;
const kindIndex = `${src}/generated/kinds.gen.ts`;
const docs = readDocs([index, kindIndex]);
const exported = [...docs.get(index)!, ...docs.get(kindIndex)!];
const scope = { ...core, ...kinds };
const definitions = findDefinitions(src);

describe('every public export', () => {
  test.each(exported.map((one) => [one.name, one] as const))('%s has a docstring', (_, { docs, members }) => {
    // An interface of options is documented member by member; what it is for stands on its definition.
    const byMembers = members.length > 0 && members.every((member) => member.docs.summary !== '');
    expect(docs.summary !== '' || byMembers).toBe(true);
  });

  const withExamples = exported.flatMap(({ name, docs }) =>
    (docs.tags['example'] ?? []).map((example, i) => [i === 0 ? name : `${name} (${i + 1})`, example] as const),
  );
  test.each(withExamples)('the example of %s gives the values that it states', (_, example) => {
    expect(runExample(example, scope).filter((check) => !agrees(check))).toEqual([]);
  });

  test('that is a value states in an example what it gives', () => {
    const values = exported.filter(({ name }) => name in scope);
    const silent = values.filter(({ docs }) =>
      (docs.tags['example'] ?? []).every((example) => runExample(example, scope).length === 0),
    );
    expect(values.map(({ name }) => name).sort()).toEqual(Object.keys(scope).sort());
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('a definition that is not fit to be described is refused with the file and the tag', () => {
  const empty = { summary: '', details: '', tags: {} };
  const options = { name: 'LinearOptions', file: '', docs: empty, members: [] };
  const found = definitions.filter(({ name }) => name === 'linear');
  const describeWith = (...given: DocumentedExport[]): readonly DescribedDefinition[] =>
    describeDefinitions(found, () => given, core, outlines);
  const whole = exported.filter(({ name }) => name === 'linear' || name === 'LinearOptions');

  test('as it stands it is fit', () => {
    expect(describeWith(...whole)[0]?.parameters.map(({ name }) => name)).toEqual([
      'initValue',
      'endValue',
      'decaySteps',
    ]);
  });

  test.each(['formula', 'start', 'example'])('without @%s', (tag) => {
    const lacking = whole.map((one) => ({ ...one, docs: { ...one.docs, tags: { ...one.docs.tags, [tag]: [] } } }));
    expect(() => describeWith(...lacking)).toThrow(
      `packages/core/src/schedules/linear.ts: the docstring lacks @${tag}`,
    );
  });

  test('without a summary, or with an option that nothing describes', () => {
    const linear = whole.find(({ name }) => name === 'linear')!;
    expect(() => describeWith({ ...linear, docs: empty }, options)).toThrow(
      /linear\.ts: the docstring has no summary[^]*linear\.ts: the option endValue of LinearOptions has no docstring/,
    );
  });
});

test('an example that states a wrong value is found out', () => {
  const checks = runExample('const a = 0.1;\na + 0.2; // 0.4\n[a, 1] // [0.1, 1]', {});
  expect(checks.map(agrees)).toEqual([false, true]);
});

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code!);
  test.each(blocks)('states what its code does: %#', (code) => {
    const checks = runExample(code, scope);
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter((check) => !agrees(check))).toEqual([]);
  });
});

test('no prose reaches a bundle of all of core', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from ${JSON.stringify(index)}; export * from ${JSON.stringify(kindIndex)};`,
      resolveDir: src,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@anneal/source'],
    write: false,
  });
  const bundle = outputFiles[0]!.text;
  const { definitions: described } = JSON.parse(
    readFileSync(new URL('../definitions.json', import.meta.url), 'utf8'),
  ) as { definitions: readonly DescribedDefinition[] };
  const prose = described.flatMap(({ summary, formula, start, source = [], parameters }) => [
    summary,
    formula,
    start,
    ...source,
    ...parameters.map((parameter) => parameter.prose),
  ]);
  // Words that are shorter may be names of options as well.
  const reached = prose.filter((text) => text.length > 20 && bundle.includes(text));
  expect(reached).toEqual([]);
  // What runs is there: the same search does find the rules of the kinds.
  expect(described.every(({ parameters }) => parameters.every(({ name }) => bundle.includes(name)))).toBe(true);
});

/** Numbers to 12 digits, since an example states them rounded; everything else by its JSON form. */
function agrees({ actual, stated }: ExampleCheck): boolean {
  if (typeof actual === 'number' && typeof stated === 'number' && Number.isFinite(stated)) {
    return Math.abs(actual - stated) <= 1e-12 * Math.max(1, Math.abs(stated));
  }
  const lists = [actual, stated].map((value) => (value instanceof Float64Array ? [...value] : value));
  const [one, other] = lists;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, i) => agrees({ line: '', actual: item, stated: other[i] }));
  }
  return isDeepStrictEqual(plain(one), plain(other));
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
