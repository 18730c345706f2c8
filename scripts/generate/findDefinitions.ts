import { readdirSync, readFileSync } from 'node:fs';

/** A definition by its place: the file's name is the export's name is `spec.type`. */
export interface FoundDefinition {
  readonly name: string;
  /** `schedules`, `combinators` or `controllers`. */
  readonly folder: string;
  /** The name of its options' interface. */
  readonly options: string;
  /** What the file exports, in its order. */
  readonly exports: readonly { readonly name: string; readonly isType: boolean }[];
}

const folders = ['schedules', 'combinators', 'controllers'] as const;

/** Every definition of the package, sorted by name within its folder. */
export function findDefinitions(src: string): readonly FoundDefinition[] {
  return folders.flatMap((folder) =>
    sourceNames(`${src}/${folder}`).map((name) => ({
      name,
      folder,
      options: `${capitalized(name)}Options`,
      exports: exportsOf(readFileSync(`${src}/${folder}/${name}.ts`, 'utf8')),
    })),
  );
}

function exportsOf(source: string): FoundDefinition['exports'] {
  const declarations = source.matchAll(/^export (const|function|class|interface|type) (\w+)/gm);
  return [...declarations].map(([, keyword, name]) => ({
    name: name!,
    isType: keyword === 'interface' || keyword === 'type',
  }));
}

/** The names of the TypeScript sources in a folder, tests apart, sorted. */
export function sourceNames(folder: string): readonly string[] {
  const sources = readdirSync(folder).filter(
    (file) => file.endsWith('.ts') && !/\.(test|test-d|bench|gen)\.ts$/.test(file),
  );
  return sources.map((file) => file.slice(0, -3)).sort();
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
