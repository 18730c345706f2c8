/** What a command measured: the form of `records/<name>.json`, which `records/schema.json` describes. */
export interface FigureRecord {
  readonly $schema: './schema.json';
  /** The command, from the root of the repository. */
  readonly command: string;
  /** `"2026-01-31"`, UTC. */
  readonly date: string;
  /** Whether it was a short run, whose figures say only that the command works. */
  readonly quick: boolean;
  readonly machine: Machine;
  /** Of what was measured and of what it ran on, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly tables: readonly FigureTable[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** `"linux x64"`. */
  readonly system: string;
  /** The graphics processor, where one was measured. */
  readonly graphics?: string;
}

/** Units stand in the head: `"ours, ns"`. */
export interface FigureTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = string | number | null;
