import { readdirSync } from 'node:fs';

/** A definition by its place: the file's name is the export's name is `spec.type`. */
export interface FoundDefinition {
  readonly name: string;
  /** `schedules`, `combinators` or `controllers`. */
  readonly folder: string;
  /** The name of its options' interface. */
  readonly options: string;
}

const folders = ['schedules', 'combinators', 'controllers'] as const;

/** Every definition of the package, sorted by name within its folder. */
export function findDefinitions(src: string): readonly FoundDefinition[] {
  return folders.flatMap((folder) =>
    sourceNames(`${src}/${folder}`).map((name) => ({ name, folder, options: `${capitalized(name)}Options` })),
  );
}

/** The names of the TypeScript sources in a folder, tests apart, sorted. */
export function sourceNames(folder: string): readonly string[] {
  const sources = readdirSync(folder).filter(
    (file) => file.endsWith('.ts') && !/\.(test|test-d|bench|gen)\.ts$/.test(file),
  );
  return sources.map((file) => file.slice(0, -3)).sort();
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
