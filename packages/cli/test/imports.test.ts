import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** The packages that a command reaches, also those that it loads when it needs them. */
async function reached(command: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [new URL(`../src/commands/${command}.ts`, import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    write: false,
    outdir: 'nowhere',
    splitting: true,
    logLevel: 'error',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const packages = imports.flatMap(({ path, external }) =>
    external === true && path.startsWith('@anneal/') ? [path.split('/')[1]!] : [],
  );
  return [...new Set(packages)].toSorted((a, b) => a.localeCompare(b));
}

test.each<[string, readonly string[]]>([
  ['plot', ['chart', 'compat', 'core']],
  ['sample', ['compat', 'core']],
  ['lint', ['compat', 'core']],
  ['convert', ['compat', 'core']],
])('%s needs %s alone', async (command, packages) => {
  expect(await reached(command)).toEqual(packages);
});
