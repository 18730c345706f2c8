/** What is not understood of a Python text, and where: `line` and `column` count from 1. */
export class PythonError extends Error {
  override readonly name = 'PythonError';
  readonly line: number;
  readonly column: number;

  constructor(what: string, text: string, at: number) {
    const before = text.slice(0, at).split('\n');
    const [line, column] = [before.length, before.at(-1)!.length + 1];
    super(`${what} (line ${line}, column ${column})`);
    this.line = line;
    this.column = column;
  }
}
