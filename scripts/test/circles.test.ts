import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

test.each([
  [
    'values',
    "import { b } from './b.ts';\nexport const a: unknown = () => b;\n",
    "import { a } from './a.ts';\nexport const b: unknown = () => a;\n",
  ],
  [
    'types',
    "import type { B } from './b.ts';\nexport type A = B[];\n",
    "import type { A } from './a.ts';\nexport type B = A[];\n",
  ],
  [
    'a type and a value',
    "import { b } from './b.ts';\nexport type A = number;\nexport const a: unknown = b;\n",
    "import type { A } from './a.ts';\nexport const b: A = 1;\n",
  ],
])('a circle of %s is found', (_, a, b) => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-circles-'));
  try {
    cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    mkdirSync(join(folder, 'packages/core/src'), { recursive: true });
    writeFileSync(join(folder, 'packages/core/src/a.ts'), a);
    writeFileSync(join(folder, 'packages/core/src/b.ts'), b);
    const lint = (): unknown =>
      execFileSync(process.execPath, [resolve('node_modules/oxlint/bin/oxlint')], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(lint).toThrow(
      expect.objectContaining({ stdout: expect.stringContaining('import(no-cycle)') as string }) as Error,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
