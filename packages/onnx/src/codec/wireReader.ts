import { OnnxError, type OnnxErrorCode } from '../onnxError.ts';

/** Present in every JavaScript runtime, but part of neither ECMAScript's types nor this package's. */
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

/** Messages nest model > graph > node > attribute > graph …: 64 levels are a dozen subgraphs in each other. */
const maxDepth = 64;

/**
 * Reads one protobuf message (https://protobuf.dev/programming-guides/encoding/) field by field:
 * `while (r.next()) switch (r.field) { … }`. Every value must be taken or skipped before the next `next()`.
 * Nothing is allocated from a length that was not checked against the bytes at hand.
 */
export class WireReader {
  field = 0;
  readonly path: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #depth: number;
  #at = 0;
  #start = 0;
  #wire = 0;

  constructor(bytes: Uint8Array, path = '', depth = 0) {
    this.path = path;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#depth = depth;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    this.#start = this.#at;
    const tag = Number(this.#varint());
    this.field = Math.floor(tag / 8);
    this.#wire = tag % 8;
    if (this.field < 1 || this.field > 0x1fffffff) this.fail('malformed', `field number ${this.field} does not exist`);
    return true;
  }

  /** int64, int32, bool and enums: a number where it is safe, else a bigint. */
  int(): number | bigint {
    this.#expect(0);
    return this.#varint();
  }

  /** An int that must be a safe number. */
  safeInt(): number {
    const value = this.int();
    if (typeof value === 'bigint') this.fail('invalid', `${value} is not a safe integer`);
    return value;
  }

  float(): number {
    this.#expect(5);
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** The contents of a length-delimited field, a view of the input. */
  bytes(): Uint8Array {
    this.#expect(2);
    const length = Number(this.#varint());
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes());
    } catch (error) {
      if (error instanceof OnnxError) throw error;
      return this.fail('malformed', `field ${this.field} is not valid UTF-8`);
    }
  }

  /** A reader of the nested message in this field. */
  message(name: string): WireReader {
    if (this.#depth >= maxDepth) this.fail('malformed', `messages nest deeper than ${maxDepth}`);
    return new WireReader(this.bytes(), this.path === '' ? name : `${this.path}.${name}`, this.#depth + 1);
  }

  /** Appends a repeated int field, packed or not. */
  ints(into: (number | bigint)[]): void {
    if (this.#wire !== 2) into.push(this.int());
    else for (const r = this.#packed(); r.#at < r.#bytes.length;) into.push(r.#varint());
  }

  /** Appends a repeated float (4 bytes) or double (8 bytes) field, packed or not. */
  floats(into: number[], size: 4 | 8): void {
    const read = (r: WireReader): number =>
      size === 4 ? r.#view.getFloat32(r.#take(4), true) : r.#view.getFloat64(r.#take(8), true);
    if (this.#wire !== 2) {
      this.#expect(size === 4 ? 5 : 1);
      into.push(read(this));
    } else for (const r = this.#packed(); r.#at < r.#bytes.length;) into.push(read(r));
  }

  /** Passes over this field and returns all its bytes, the tag included, so that a writer can repeat them. */
  raw(): Uint8Array {
    if (this.#wire === 0) this.#varint();
    else if (this.#wire === 1) this.#take(8);
    else if (this.#wire === 2) this.bytes();
    else if (this.#wire === 5) this.#take(4);
    else this.fail('malformed', `field ${this.field} has wire type ${this.#wire}`);
    return this.#bytes.subarray(this.#start, this.#at);
  }

  fail(code: OnnxErrorCode, message: string): never {
    throw new OnnxError(code, this.path || 'model', message);
  }

  #packed(): WireReader {
    return new WireReader(this.bytes(), this.path, this.#depth);
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) {
      this.fail('malformed', `field ${this.field} has wire type ${this.#wire} where ${wire} belongs`);
    }
  }

  #take(length: number): number {
    const start = this.#at;
    if (!(length >= 0 && length <= this.#bytes.length - start)) {
      this.fail('truncated', `field ${this.field} needs ${length} bytes; ${this.#bytes.length - start} are left`);
    }
    this.#at = start + length;
    return start;
  }

  #varint(): number | bigint {
    // 7 bytes hold 49 bits, exact in a double; longer ones (every negative number has 10) go through BigInt.
    let value = 0;
    let scale = 1;
    let high = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#take(1)] as number;
      if (i < 7) {
        value += (byte & 127) * scale;
        scale *= 128;
      } else high |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        if (high === 0n) return value;
        const wide = BigInt.asIntN(64, high | BigInt(value));
        const narrow = Number(wide);
        return Number.isSafeInteger(narrow) ? narrow : wide;
      }
    }
    return this.fail('malformed', `field ${this.field} is a varint of more than 10 bytes`);
  }
}
