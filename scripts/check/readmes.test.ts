import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest, packed, run, type Tarballs } from './tarballs.ts';

const packages = readdirSync('packages');
let tarballs: Tarballs;
beforeAll(() => {
  tarballs = packed(packages);
});
afterAll(() => rmSync(tarballs.folder, { recursive: true, force: true }));

/** The packages of the house that one stands on, over all arrows. */
function below(name: string): readonly string[] {
  const direct = Object.keys(manifest(name).dependencies ?? {}).flatMap((one) =>
    one.startsWith('@anneal/') ? [one.slice(8)] : [],
  );
  return [...new Set(direct.flatMap((one) => [one, ...below(one)]))].toSorted((a, b) => a.localeCompare(b));
}

interface Readme {
  readonly text: string;
  /** What its install lines install. */
  readonly installed: readonly string[];
  /** Its first snippet. */
  readonly language: string;
  readonly code: string;
}

function readmeOf(name: string): Readme {
  const text = readFileSync(`packages/${name}/README.md`, 'utf8');
  const [, shell] = /^```sh\n(.*?)^```/ms.exec(text)!;
  const installed = [...shell!.matchAll(/^npm install ([^#\n]*)/gm)]
    .flatMap(([, words]) => words!.trim().split(/ +/))
    .filter((word) => !word.startsWith('-'));
  const [, language, code] = /^```(ts|js|console)\n(.*?)^```/ms.exec(text)!;
  return { text, installed, language: language!, code: code! };
}

describe.each(packages)('the README of @anneal/%s', (name) => {
  const { text, installed, language, code } = readmeOf(name);

  test('names the package in its install line, and what a checkout must give beside it', () => {
    expect(installed).toContain(`@anneal/${name}`);
    const [, beside = ''] =
      /^Nothing is published yet: \[install it from a checkout\]\(\.\.\/\.\.\/README\.md#install\)(?:, with (.*))?\.$/m.exec(
        text,
      )!;
    expect([...beside.matchAll(/`([\w-]+)`/g)].map(([, one]) => one)).toEqual(below(name));
  });

  test('works as it says: what its install line installs runs its first snippet', () => {
    const project = mkdtempSync(join(tmpdir(), 'anneal-readme-'));
    try {
      writeFileSync(join(project, 'package.json'), '{ "name": "reader", "private": true, "type": "module" }');
      const house = installed.filter((one) => one.startsWith('@anneal/')).map((one) => one.slice(8));
      const files = new Set(house.flatMap((one) => [one, ...below(one)]).map(tarballs.of));
      const others = installed.filter((one) => !one.startsWith('@anneal/'));
      run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...files, ...others], project);
      if (language === 'console') {
        const [, command, output] = /^\$ anneal (.*)\n([^$]*)/.exec(code)!;
        const words = [...command!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
        expect(run('npx', ['--no-install', 'anneal', ...words], project)).toBe(output);
        return;
      }
      if (language === 'ts') {
        writeFileSync(join(project, 'snippet.ts'), code);
        const strict = [
          '--strict',
          '--noEmit',
          '--skipLibCheck',
          '--target',
          'es2022',
          '--module',
          'nodenext',
          '--moduleResolution',
          'nodenext',
          '--types',
          '',
          '--lib',
          'es2023,dom',
        ];
        run(resolve('node_modules/.bin/tsc'), [...strict, 'snippet.ts'], project);
      }
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      writeFileSync(join(project, 'snippet.mjs'), outputText);
      run(process.execPath, ['snippet.mjs'], project);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});

test("the repository's README installs tarballs that there are, and all that they stand on", () => {
  const [, section] = /^## Install\n(.*?)^## /ms.exec(readFileSync('README.md', 'utf8'))!;
  const [, script] = /^npm run (\S+)$/m.exec(section!)!;
  expect(
    (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts,
  ).toHaveProperty(script!);
  const files = [...section!.matchAll(/\.\.\/anneal\/tarballs\/(\S+)/g)].map(([, file]) => file!);
  const known = new Map(packages.map((name) => [tarballs.of(name).split('/').at(-1)!, name]));
  const names = files.map((file) => known.get(file)!);
  expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual(
    [...new Set(names.flatMap((name) => [name, ...below(name)]))].toSorted((a, b) => a.localeCompare(b)),
  );
});
