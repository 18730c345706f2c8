import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const packages = readdirSync('packages').toSorted((a, b) => a.localeCompare(b));

/**
 * What each package may import, from the README's sentence: `a → { b, c }` and so on. An arrow to a room alone (`core/options`) is
 * not followed further.
 */
function arrows(): ReadonlyMap<string, ReadonlySet<string>> {
  const [, sentence] = /^Arrows run one way.*?: (.*)$/m.exec(readFileSync('README.md', 'utf8'))!;
  const direct = new Map(packages.map((name) => [name, new Set<string>()]));
  for (const [, from, to] of sentence!.matchAll(/`([^`]+) → ([^`]+)`/g))
    for (const one of names(from!)) for (const other of names(to!)) direct.get(one)!.add(other);
  const reached = (name: string): readonly string[] =>
    [...(direct.get(name) ?? [])].flatMap((other) => [
      other,
      ...(direct.get(other)?.has('core/options') ? [] : reached(other)),
    ]);
  return new Map(packages.map((name) => [name, new Set(reached(name))]));
}
const names = (text: string): readonly string[] => text.replaceAll(/[{} ]/g, '').split(',');

/** A file that is planted, and the rule that must find it; null where it is allowed. */
interface Plant {
  readonly file: string;
  readonly code: string;
  readonly rule: string | null;
}

const wall = 'eslint(no-restricted-imports)';
const plants: Plant[] = [];
let planted = 0;
const plant = (folder: string, code: string, rule: string | null): void =>
  void plants.push({ file: `${folder}/planted${planted++}.ts`, code, rule });

const allowed = arrows();
for (const from of packages) {
  for (const to of packages) {
    if (from === to) continue;
    const rule = allowed.get(from)!.has(to) ? null : wall;
    for (const folder of ['src', 'test'])
      plant(`packages/${from}/${folder}`, `export { a } from '@anneal/${to}';\n`, rule);
    plant(`packages/${from}/src/room`, `export type { A } from '@anneal/${to}';\n`, rule);
    plant(
      `packages/${from}/src`,
      `export { a } from '@anneal/${to}/room';\n`,
      to === 'core' && from === 'onnx' ? wall : rule,
    );
    plant(`packages/${from}/src`, `export const a: unknown = await import('@anneal/${to}');\n`, rule);
    // Past a package's name there is no way, allowed or not.
    plant(`packages/${from}/src/room`, `export { a } from '../../../${to}/src/index.ts';\n`, wall);
  }
  plant(`packages/${from}/src`, "export { a } from '@anneal/docs';\n", wall);
  plant(
    `packages/${from}/src`,
    "export type A = import('@anneal/core').Plan;\n",
    'typescript(consistent-type-imports)',
  );
}
plant('packages/onnx/src', "export { checkOptions } from '@anneal/core/options';\n", null);

/** Those that run in a page as in Node; of the lab all but these rooms. */
const platformFree = packages.filter((name) => name !== 'cli');
for (const name of platformFree)
  for (const code of [
    "export { readFile } from 'node:fs/promises';\n",
    "export { join } from 'path';\n",
    "export const a: unknown = await import('node:os');\n",
  ]) {
    plant(`packages/${name}/src`, code, 'import(no-nodejs-modules)');
    plant(`packages/${name}/src/room`, code, 'import(no-nodejs-modules)');
    plant(`packages/${name}/test`, code, null);
  }
plant('packages/lab/src/node', "export { readFile } from 'node:fs/promises';\n", null);
plant('packages/cli/src', "export { readFile } from 'node:fs/promises';\n", null);

describe('the walls that the README describes', () => {
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'anneal-walls-'));
    try {
      cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
      for (const { file, code } of plants) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), code);
      }
      found = lint(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(packages)('of %s are held by the lint, and allow what they allow', (name) => {
    const here = plants.filter(({ file }) => file.startsWith(`packages/${name}/`));
    expect(here.filter(({ rule }) => rule !== null).length).toBeGreaterThan(2);
    const told = here.map(({ file, code, rule }) => ({
      file,
      code,
      rules: found.get(file) ?? [],
      expected: rule === null ? [] : [rule],
    }));
    for (const { file, code, rules, expected } of told) expect(rules, `${file}: ${code}`).toEqual(expected);
  });

  test('are described for every package', () => {
    const alone = packages.filter((name) => allowed.get(name)!.size === 0);
    const [sentence] = /(`\w+`[, and]*)+ stand alone/.exec(readFileSync('README.md', 'utf8'))!;
    expect([...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(alone);
  });
});

test('a package depends on what it may import, and on nothing else of the house', () => {
  for (const name of packages) {
    const { dependencies = {} } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const house = Object.keys(dependencies).flatMap((one) => (one.startsWith('@anneal/') ? [one.slice(8)] : []));
    for (const other of house)
      expect(
        [...allowed.get(name)!].map((one) => one.split('/')[0]),
        name,
      ).toContain(other);
  }
});

/** The rules that each file under a folder breaks. */
function lint(cwd: string): ReadonlyMap<string, readonly string[]> {
  const options = {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  } satisfies ExecFileSyncOptions;
  let output: string;
  try {
    output = execFileSync(process.execPath, [resolve('node_modules/oxlint/bin/oxlint'), '--format', 'json'], options);
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
  const rules = new Map<string, string[]>();
  for (const { filename, code } of diagnostics) rules.set(filename, [...(rules.get(filename) ?? []), code]);
  return rules;
}
