import ts from 'typescript';

/** A line of an example that ends in a comment: the value it had, and the value that the comment states. */
export interface ExampleCheck {
  readonly line: string;
  readonly actual: unknown;
  readonly stated: unknown;
}

/**
 * Runs the code of an `@example` with the names in `scope` at hand.
 *
 * An expression statement followed on its line by `// value` is a check: the comment must be an expression of
 * JavaScript. Import declarations are left out, since `scope` stands for them. Throws if the code does.
 */
export function runExample(code: string, scope: Readonly<Record<string, unknown>>): readonly ExampleCheck[] {
  const body = unfenced(code);
  const source = ts.createSourceFile('example.ts', body, ts.ScriptTarget.ES2022, true);
  let instrumented = '';
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const comment = ts.isExpressionStatement(statement) ? trailingComment(body, statement) : undefined;
    const text = statement.getText(source);
    instrumented +=
      comment === undefined
        ? `${text}\n`
        : `__check(${JSON.stringify(`${text} // ${comment}`)}, ${expressionOf(statement, source)}, () => (${comment}));\n`;
  }
  const { outputText } = ts.transpileModule(instrumented, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const checks: ExampleCheck[] = [];
  const check = (line: string, actual: unknown, stated: () => unknown): void => {
    checks.push({ line, actual, stated: stated() });
  };
  // The code is the repository's own documentation, and running it is the point.
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function('__check', ...Object.keys(scope), outputText) as (...values: unknown[]) => void;
  run(check, ...Object.values(scope));
  return checks;
}

/** The code without a Markdown fence around it. */
export const unfenced = (code: string): string => code.replaceAll(/^```\w*\n|\n?```$/g, '').trim();

function trailingComment(body: string, statement: ts.Statement): string | undefined {
  const [comment] = ts.getTrailingCommentRanges(body, statement.end) ?? [];
  return comment?.kind === ts.SyntaxKind.SingleLineCommentTrivia
    ? body.slice(comment.pos + 2, comment.end).trim()
    : undefined;
}

const expressionOf = (statement: ts.Statement, source: ts.SourceFile): string =>
  (statement as ts.ExpressionStatement).expression.getText(source);
