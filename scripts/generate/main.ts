// Writes everything that follows from the definitions in packages/core/src: `pnpm generate`; with --check it writes
// nothing and fails if a generated file is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { barrel, kindsBarrel, registry, specs } from './core.ts';
import { findDefinitions } from './findDefinitions.ts';

const definitions = findDefinitions('packages/core/src');
const generated = 'packages/core/src/generated';

const files: Readonly<Record<string, string>> = {
  [`${generated}/barrel.gen.ts`]: barrel(definitions),
  [`${generated}/kinds.gen.ts`]: kindsBarrel('packages/core/src/kinds'),
  [`${generated}/registry.gen.ts`]: registry(definitions),
  [`${generated}/specs.gen.ts`]: specs(definitions),
};

const stale = Object.entries(files).filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`stale: ${path} (run pnpm generate and commit the result)`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}
