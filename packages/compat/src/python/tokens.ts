import { PythonError } from './pythonError.ts';

/** A word of Python with the place at which it begins, counted from 0. */
export interface Token {
  readonly kind: 'number' | 'name' | 'operator' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Names may be dotted: `math.pi` is one. Each part is tried at one place only, so the time is linear in the text. */
const words: readonly (readonly [kind: Token['kind'], pattern: RegExp])[] = [
  ['number', /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?/y],
  ['name', /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y],
  ['operator', /\*\*|\/\/|<=|>=|==|!=|[-+*/%()<>,:]/y],
];

const blank = /[\s\\]+/y;

/** The words of a text. Throws a PythonError at what begins none. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at === text.length) break;
    const token = wordAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function wordAt(text: string, at: number): Token {
  for (const [kind, pattern] of words) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, at };
  }
  throw new PythonError(`no word of Python's arithmetic begins with ${JSON.stringify(text[at])}`, text, at);
}
