import { callable, named } from './arithmetic.ts';
import type { Expression, Operator } from './expression.ts';
import { PythonError } from './pythonError.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Longer texts, and deeper ones, are no factor of a learning rate. */
const maxLength = 2000;
const maxDepth = 64;

/**
 * Reads `lambda epoch: …` with arithmetic of one argument: numbers, + - * / // % **, comparisons, `and`, `or`, `not`,
 * `… if … else …`, min, max, abs, int, float, round, pow and the functions of math. Nothing is run.
 *
 * @param holes - names that stand for any number; only a form of an expression has some
 * @throws PythonError with the place of what is not understood
 */
export function readLambda(text: string, holes: ReadonlySet<string> = new Set()): Expression {
  if (text.length > maxLength) throw new PythonError(`a text of more than ${maxLength} characters`, text, maxLength);
  return new Reader(text, holes).lambda();
}

/** Binary operators from the loosest to the tightest; all of them bind to the left. */
const levels: readonly (readonly Operator[])[] = [
  ['or'],
  ['and'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/', '//', '%'],
];

/** The level that `not` stands above. */
const comparison = 2;

class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #holes: ReadonlySet<string>;
  #next = 0;
  #depth = 0;
  #variable = '';

  constructor(text: string, holes: ReadonlySet<string>) {
    this.#text = text;
    this.#holes = holes;
    this.#tokens = tokensOf(text);
  }

  lambda(): Expression {
    this.#expect('lambda');
    const name = this.#take();
    if (name.kind !== 'name' || name.text.includes('.') || reserved.has(name.text))
      throw this.#error('the name of the one argument stands here', name);
    this.#variable = name.text;
    this.#expect(':');
    const body = this.#expression();
    if (this.#peek.kind !== 'end') throw this.#error('the text goes on', this.#peek);
    return body;
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    const token = this.#peek;
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #expect(text: string): void {
    const token = this.#take();
    if (token.text !== text) throw this.#error(`${JSON.stringify(text)} stands here`, token);
  }

  #error(what: string, { text, at }: Token): PythonError {
    return new PythonError(`${what}, not ${text === '' ? 'the end' : JSON.stringify(text)}`, this.#text, at);
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new PythonError(`nested deeper than ${maxDepth}`, this.#text, this.#peek.at);
    const whenTrue = this.#binary(0);
    let read = whenTrue;
    if (this.#peek.text === 'if') {
      this.#take();
      const condition = this.#binary(0);
      this.#expect('else');
      read = { kind: 'conditional', condition, whenTrue, whenFalse: this.#expression() };
    }
    this.#depth -= 1;
    return read;
  }

  #binary(level: number): Expression {
    if (level === levels.length) return this.#signed();
    if (level === comparison && this.#peek.text === 'not') {
      this.#take();
      return { kind: 'operation', operator: 'not', operands: [this.#nested(() => this.#binary(level))] };
    }
    let left = this.#binary(level + 1);
    let compared = false;
    for (;;) {
      const operator = levels[level]!.find((known) => known === this.#peek.text);
      if (operator === undefined) return left;
      if (compared) throw this.#error('one comparison at a time', this.#peek);
      compared = level === comparison;
      this.#take();
      left = { kind: 'operation', operator, operands: [left, this.#binary(level + 1)] };
    }
  }

  /** A sign binds looser than the power after it: -2 ** 2 is -4. */
  #signed(): Expression {
    const sign = this.#peek.text;
    if (sign !== '-' && sign !== '+') return this.#power();
    this.#take();
    const operand = this.#nested(() => this.#signed());
    return sign === '+' ? operand : { kind: 'operation', operator: '-', operands: [operand] };
  }

  /** Powers bind to the right, and their exponent may have a sign. */
  #power(): Expression {
    const base = this.#atom();
    if (this.#peek.text !== '**') return base;
    this.#take();
    return { kind: 'operation', operator: '**', operands: [base, this.#nested(() => this.#signed())] };
  }

  #nested(read: () => Expression): Expression {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new PythonError(`nested deeper than ${maxDepth}`, this.#text, this.#peek.at);
    const found = read();
    this.#depth -= 1;
    return found;
  }

  #atom(): Expression {
    const token = this.#take();
    if (token.text === '(') {
      const inside = this.#expression();
      this.#expect(')');
      return inside;
    }
    if (token.kind === 'number') return { kind: 'constant', value: this.#number(token) };
    if (token.kind !== 'name' || reserved.has(token.text))
      throw this.#error('a number, a name or "(" stands here', token);
    if (this.#peek.text === '(') return this.#call(token);
    if (token.text === this.#variable) return { kind: 'variable' };
    if (this.#holes.has(token.text)) return { kind: 'hole', name: token.text };
    const value = named(token.text);
    if (typeof value !== 'number') throw this.#error(`a number, ${this.#variable} or math.pi stands here`, token);
    return { kind: 'constant', value };
  }

  #number(token: Token): number {
    const value = Number(token.text.replaceAll('_', ''));
    if (Number.isFinite(value)) return value;
    throw this.#error('a finite number stands here', token);
  }

  #call(name: Token): Expression {
    const known = named(name.text);
    if (typeof known !== 'object') throw this.#error(`one of ${callable.join(', ')} stands here`, name);
    this.#expect('(');
    const operands = [this.#expression()];
    while (this.#sees(',')) {
      this.#take();
      if (this.#sees(')')) break;
      operands.push(this.#expression());
    }
    this.#expect(')');
    const [least, most] = known.takes;
    if (operands.length < least || operands.length > most)
      throw this.#error(`${name.text} takes ${least}${most > least ? ' or more' : ''} arguments`, name);
    return { kind: 'call', name: name.text.split('.').at(-1)!, of: known.of, operands };
  }

  #sees(text: string): boolean {
    return this.#peek.text === text;
  }
}

const reserved = new Set(['lambda', 'if', 'else', 'and', 'or', 'not', 'in', 'is', 'for', 'await', 'yield']);
