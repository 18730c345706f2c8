import { SafetensorsError } from './safetensorsError.ts';
import { isWellFormed, quoted } from './text.ts';

/**
 * Reads JSON from the front, one token at a time, as far as a header needs it. JSON.parse would do, but for three things: it hides a key
 * that stands twice, takes 1.0 and 1e3 where a count must stand, and builds whatever nesting a stranger wrote.
 */
export class HeaderText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * An object: `each` reads the value of a key.
   *
   * @param what names the object in errors
   */
  object(what: string, each: (key: string) => void): void {
    const known = new Set<string>();
    this.#items('{', '}', what, () => {
      const key = this.string(`a key of ${what}`);
      if (known.has(key)) this.fail(`${what} has the key ${quoted(key)} twice`, key);
      known.add(key);
      this.#need(':', what);
      each(key);
    });
  }

  /** A list of counts: whole numbers without sign, fraction or exponent. */
  counts(what: string): number[] {
    const counts: number[] = [];
    this.#items('[', ']', what, () => counts.push(this.#count(what)));
    return counts;
  }

  string(what: string): string {
    this.#skip();
    if (this.#text[this.#at] !== '"') this.fail(`${what} must be a string; ${this.#found()} stands there`);
    let end = this.#at;
    let escapes: number;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) this.fail(`${what} has no end`);
      escapes = 0;
      while (this.#text[end - 1 - escapes] === '\\') escapes++;
    } while (escapes % 2 === 1);
    const token = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    const value = parsed(token);
    return value === undefined ? this.fail(`${what} is no JSON string`) : value;
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.fail(`after the header's object ${this.#found()} stands`);
  }

  fail(message: string, path = ''): never {
    throw new SafetensorsError('malformed', path, message);
  }

  /** What stands between brackets, with commas between. */
  #items(open: string, close: string, what: string, each: () => void): void {
    this.#need(open, what);
    if (this.#take(close)) return;
    do each();
    while (this.#take(','));
    this.#need(close, what);
  }

  #count(what: string): number {
    this.#skip();
    const [digits] = /^(?:0|[1-9]\d{0,15})(?![\d.eE])/.exec(this.#text.slice(this.#at, this.#at + 18)) ?? [];
    const count = Number(digits ?? NaN);
    if (!Number.isSafeInteger(count))
      return this.fail(`${what} must hold whole numbers from 0 to 2^53 - 1; ${this.#found()} stands there`);
    this.#at += digits!.length;
    return count;
  }

  #need(char: string, what: string): void {
    if (!this.#take(char)) this.fail(`${what} must go on with ${char} where ${this.#found()} stands`);
  }

  #take(char: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '.')) this.#at++;
  }

  /** What stands at the cursor, in short. */
  #found(): string {
    return this.#at < this.#text.length ? quoted(this.#text.slice(this.#at, this.#at + 12)) : 'the end of the header';
  }
}

/** A JSON string, or undefined where it is none, or where no UTF-8 can hold it. */
function parsed(token: string): string | undefined {
  try {
    const value = JSON.parse(token) as string;
    return isWellFormed(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
