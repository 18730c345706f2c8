// Writes everything that follows from the definitions in packages/core/src and the folders of packages/lab/src: `pnpm generate`; with --check it writes
// nothing and fails if a generated file is stale or left over.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Outlines } from '../../packages/core/src/look/walk.ts';
import { barrel, kindsBarrel, outlines, registry, specs } from './core.ts';
import { describeDefinitions, type Namespace } from './describeDefinitions.ts';
import { findDefinitions, sourceNames, type FoundDefinition } from './findDefinitions.ts';
import { formatted } from './formatted.ts';
import { labRegistries } from './lab.ts';
import { definitionPage, indexPage, pageMark } from './pages.ts';
import { readDocs } from './readDocs.ts';
import { schemaJson } from './schemaJson.ts';

const src = 'packages/core/src';
const generated = `${src}/generated`;
const pages = 'apps/docs/schedules';
const check = process.argv.includes('--check');

const definitions = findDefinitions(src);
const fileOf = ({ folder, name }: FoundDefinition): string => `${src}/${folder}/${name}.ts`;

const stale: string[] = [];
/** Brings one generated file up to date, or notes that it is not. */
function put(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  stale.push(`stale: ${path}`);
  if (check) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}

/** Removes the generated files of a folder that follow from nothing any more, or notes that they are there. */
function sweep(folder: string, keep: readonly string[], isOurs: (path: string) => boolean): void {
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const path = `${folder}/${file}`;
    if (keep.includes(file) || !isOurs(path)) continue;
    stale.push(`left over: ${path}`);
    if (check) continue;
    rmSync(path);
    console.log(`removed ${path}`);
  }
}

// The sources come first: core cannot be loaded before they are right.
const sources: Readonly<Record<string, string>> = {
  'barrel.gen.ts': barrel(definitions),
  'kinds.gen.ts': kindsBarrel(`${src}/kinds`),
  'outlines.gen.ts': outlines(definitions),
  'registry.gen.ts': registry(definitions),
  'specs.gen.ts': specs(definitions),
};
for (const [file, text] of Object.entries(sources)) put(`${generated}/${file}`, text);
sweep(generated, Object.keys(sources), () => true);

for (const [path, text] of formatted(labRegistries('packages/lab/src'))) put(path, text);

const load = async (path: string): Promise<Namespace> => (await import(pathToFileURL(resolve(path)).href)) as Namespace;

try {
  // Each definition is loaded from its own file, so that a stale barrel hides none from the check.
  const modules = await Promise.all(
    ['index.ts', ...sourceNames(`${src}/kinds`).map((name) => `kinds/${name}.ts`)]
      .map((file) => `${src}/${file}`)
      .concat(definitions.map(fileOf))
      .map(load),
  );
  const core: Namespace = Object.assign({}, ...modules) as Namespace;
  const { outlines: outlined } = (await load(`${generated}/outlines.gen.ts`)) as { outlines: Outlines };
  const docs = readDocs(definitions.map(fileOf));
  const described = describeDefinitions(definitions, (one) => docs.get(fileOf(one)) ?? [], core, outlined);

  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const documents = new Map([
    ['packages/core/schema.json', json(schemaJson(described))],
    ['packages/core/definitions.json', json({ version: 1, definitions: described })],
    [`${pages}/index.md`, indexPage(described)],
    ...described.map((one) => [`${pages}/${one.name}.md`, definitionPage(one)] as const),
  ]);
  for (const [path, text] of formatted(documents)) put(path, text);
  const keep = ['index.md', ...described.map(({ name }) => `${name}.md`)];
  sweep(pages, keep, (path) => path.endsWith('.md') && readFileSync(path, 'utf8').includes(pageMark));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

if (check && stale.length > 0) {
  for (const line of stale) console.error(`${line} (run pnpm generate and commit the result)`);
  process.exitCode = 1;
}
