import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test.each([
  ['svg', 'figureSvg', 'node'],
  ['svg', 'figureSvg', 'browser'],
  ['terminal', 'terminalFigure', 'node'],
] as const)('%s bundled for %s into one module draws what it draws', async (room, name, platform) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${name} } from './src/${room}/index.ts';
        const figure = { title: 'one', x: { label: 'x', unit: 'step' }, y: { label: 'y', unit: 'number' }, marks: [{ mark: 'line', name: 'l', x: [0, 1], y: [1, 2] }] };
        console.log(${name}(figure).length);`,
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    bundle: true,
    format: 'esm',
    platform,
    write: false,
    logLevel: 'error',
  });
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: outputFiles[0]!.text,
    encoding: 'utf8',
  });
  expect({ drawn: Number(stdout) > 500, stderr }).toEqual({ drawn: true, stderr: '' });
});
