import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Cell, FigureRecord, FigureTable } from './figureRecord.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RecordingOptions {
  /** The record's name and the script's: `"bench:core"` writes `records/bench-core.json`. */
  readonly script: string;
  /** The arguments of the command; with `--record` among them it writes. */
  readonly argv?: readonly string[];
  /** Where it writes; default `records` of the repository. */
  readonly folder?: string;
}

/** What {@link Recording.end} is told of the run. */
export interface RunFacts {
  /** Installed packages whose versions matter, as the file that imports them finds them. */
  readonly packages?: readonly string[];
  /** `import.meta.url` of that file. */
  readonly from?: string;
  /** Versions of what is not installed with the repository. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly graphics?: string;
}

/**
 * Collects what a command measures, and writes it with its command, date, machine and versions where the command was
 * called with `--record`. Numbers are kept to four digits: no figure here is surer than that.
 */
export class Recording {
  readonly #script: string;
  readonly #argv: readonly string[];
  readonly #folder: string;
  readonly #tables: { caption: string; head: readonly string[]; rows: (readonly Cell[])[] }[] = [];

  constructor({ script, argv = process.argv.slice(2), folder = join(root, 'records') }: RecordingOptions) {
    this.#script = script;
    this.#argv = argv;
    this.#folder = folder;
  }

  /** Begins a table; the function that it returns adds a row. */
  table(caption: string, ...head: readonly string[]): (...row: readonly Cell[]) => void {
    const rows: (readonly Cell[])[] = [];
    this.#tables.push({ caption, head, rows });
    return (...row) => {
      if (row.length !== head.length)
        throw new Error(`${caption}: a row needs ${head.length} cells; received ${row.length}`);
      rows.push(row.map(rounded));
    };
  }

  /** Writes the record, if one is wanted, and says where it stands. */
  end({ packages = [], from = import.meta.url, versions = {}, graphics }: RunFacts = {}): string | undefined {
    if (!this.#argv.includes('--record')) return undefined;
    const tables: readonly FigureTable[] = this.#tables.filter(({ rows }) => rows.length > 0);
    if (tables.length === 0) throw new Error(`${this.#script}: nothing was measured, so there is nothing to record`);
    const record: FigureRecord = {
      $schema: './schema.json',
      command: [
        'pnpm',
        this.#script,
        ...this.#argv.map((word) => (/[\s'"]/.test(word) ? JSON.stringify(word) : word)),
      ].join(' '),
      date: new Date().toISOString().slice(0, 10),
      quick: this.#argv.includes('--quick'),
      machine: {
        processor: cpus()[0]?.model.trim() || 'unknown',
        cores: availableParallelism(),
        memoryGiB: rounded(totalmem() / 2 ** 30),
        system: `${process.platform} ${process.arch}`,
        ...(graphics !== undefined && { graphics }),
      },
      versions: {
        anneal: revision(),
        node: process.versions.node,
        ...Object.fromEntries(packages.map((name) => [name, versionOf(name, from)])),
        ...versions,
      },
      tables,
    };
    const file = join(this.#folder, `${this.#script.replaceAll(':', '-')}.json`);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
    // As the format check wants it.
    const formatter = createRequire(import.meta.url)
      .resolve('oxfmt/package.json')
      .replace('package.json', 'bin/oxfmt');
    spawnSync(process.execPath, [formatter, file], { cwd: root });
    return file;
  }
}

function rounded<C extends Cell>(cell: C): C {
  if (typeof cell !== 'number') return cell;
  return (Number.isFinite(cell) ? Number(cell.toPrecision(4)) : null) as C;
}

/** The version of a package as a file finds it: its package.json need not be among its exports. */
function versionOf(name: string, from: string): string {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    const file = resolve(folder, name, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
  }
  throw new Error(`${name} is not installed where ${from} looks for it`);
}

/** The commit that was measured, with a mark where files differ from it. */
function revision(): string {
  const git = (...args: readonly string[]): string =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short=10', 'HEAD');
  if (commit === '') return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}, changed`;
}
