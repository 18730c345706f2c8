import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { LabError } from '../labError.ts';

/** A file of JSON lines that grows while a run goes on, and can be cut back to where a checkpoint was taken. */
export class EventFile<Event> {
  readonly path: string;
  readonly #file: number;
  #length: number;

  /** Opens the file and cuts it to its first `length` bytes. Throws a {@link LabError} if it is shorter. */
  constructor(path: string, length: number) {
    this.path = path;
    this.#file = openSync(path, existsSync(path) ? 'r+' : 'w+');
    this.#length = length;
    const found = fstatSync(this.#file).size;
    if (found < length) {
      closeSync(this.#file);
      throw new LabError('files', `${path} has ${found} bytes, its checkpoint expects ${length}: it was changed since`);
    }
    ftruncateSync(this.#file, length);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  append(events: readonly Event[]): void {
    if (events.length === 0) return;
    const bytes = new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, this.#length + at);
    this.#length += bytes.length;
  }

  /** Waits until what was appended is on the disk. */
  sync(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The events in a file of JSON lines; a last line without its end, from a process that was killed, is left out. */
export function readEvents<Event>(path: string): Event[] {
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]));
}
