import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

/** The texts as the repository's formatter leaves them, so that a formatted tree is a fresh one. */
export function formatted(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'generate-'));
  try {
    const paths = [...files.keys()].map(
      (path, i) => [path, join(folder, `${i}${path.slice(path.lastIndexOf('.'))}`)] as const,
    );
    for (const [path, copy] of paths) writeFileSync(copy, files.get(path)!);
    const { status, stderr } = spawnSync(
      process.execPath,
      [resolve('node_modules/oxfmt/bin/oxfmt'), '--config', resolve('.oxfmtrc.json'), folder],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the formatter failed: ${stderr}`);
    return new Map(paths.map(([path, copy]) => [path, readFileSync(copy, 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
