/** See the note in wireReader.ts. */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

/** Writes one protobuf message; nested ones and large byte strings are kept as parts and joined once, at the end. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];
  #small: number[] = [];
  #length = 0;

  int(field: number, value: number | bigint): void {
    this.#tag(field, 0);
    this.#varint(value);
  }

  float(field: number, value: number): void {
    this.#tag(field, 5);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#append(value);
  }

  string(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, write: (writer: WireWriter) => void): void {
    const inner = new WireWriter();
    write(inner);
    inner.#flush();
    this.#tag(field, 2);
    this.#varint(inner.#length);
    for (const part of inner.#parts) this.#append(part);
  }

  /** Fields that were read raw, tags included. */
  raw(fields: Uint8Array): void {
    this.#append(fields);
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#flush();
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  #varint(value: number | bigint): void {
    if (typeof value === 'bigint' || value < 0 || value > 0xffffffff) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.#small.push(Number(rest & 127n) | 128);
      this.#small.push(Number(rest));
    } else {
      let rest = value;
      for (; rest > 127; rest = Math.floor(rest / 128)) this.#small.push((rest & 127) | 128);
      this.#small.push(rest);
    }
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length < 64) this.#small.push(...bytes);
    else {
      this.#flush();
      this.#parts.push(bytes);
      this.#length += bytes.length;
    }
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    this.#parts.push(Uint8Array.from(this.#small));
    this.#length += this.#small.length;
    this.#small = [];
  }
}
