import ts from 'typescript';

/** What a docstring says. Paragraph breaks are kept; `{@link x}` is reduced to `x`. */
export interface Docs {
  /** The first sentence or paragraph. */
  readonly summary: string;
  /** What follows the summary, without the tags. */
  readonly details: string;
  /** Each tag's texts in order: `tags.formula[0]`. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** An export of a module with its docstring; `members` are those of an interface or object type. */
export interface DocumentedExport {
  readonly name: string;
  readonly file: string;
  readonly docs: Docs;
  readonly members: readonly { readonly name: string; readonly docs: Docs }[];
}

/** The docstrings of every export of the given modules, by module path, read with the types resolved across files. */
export function readDocs(modules: readonly string[]): ReadonlyMap<string, readonly DocumentedExport[]> {
  const program = ts.createProgram([...modules], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@anneal/source'],
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    strict: true,
    types: [],
  });
  const checker = program.getTypeChecker();

  const documented = (exported: ts.Symbol): DocumentedExport => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const isType = (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;
    const members = isType ? checker.getDeclaredTypeOfSymbol(symbol).getProperties() : [];
    return {
      name: exported.getName(),
      file: symbol.declarations?.[0]?.getSourceFile().fileName ?? '',
      docs: docsOf(symbol, checker),
      members: members.map((member) => ({ name: member.getName(), docs: docsOf(member, checker) })),
    };
  };

  return new Map(
    modules.map((path) => {
      const source = program.getSourceFile(path);
      const symbol = source && checker.getSymbolAtLocation(source);
      if (symbol === undefined) throw new Error(`${path}: not a module`);
      return [path, checker.getExportsOfModule(symbol).map(documented)] as const;
    }),
  );
}

function docsOf(symbol: ts.Symbol, checker: ts.TypeChecker): Docs {
  const text = plain(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  const [summary = '', ...rest] = text.split(/\n\s*\n/);
  const tags: Record<string, string[]> = {};
  for (const tag of symbol.getJsDocTags(checker)) {
    (tags[tag.name] ??= []).push(plain(ts.displayPartsToString(tag.text)));
  }
  return { summary: oneLine(summary), details: rest.join('\n\n').trim(), tags };
}

/** Line breaks within a paragraph become spaces. */
export const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim();

const plain = (text: string): string => text.replaceAll(/\{@link\s+([^}|]+?)\s*\}/g, '`$1`').trim();
