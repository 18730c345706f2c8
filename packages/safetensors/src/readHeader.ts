import { byteLengthOf, isElementType, type ElementType } from './elementType.ts';
import { HeaderText } from './headerText.ts';
import { SafetensorsError } from './safetensorsError.ts';
import { metadataKey } from './tensorFile.ts';
import { listed, quoted } from './text.ts';

/** Where the bytes of a tensor stand in the data that follows the header. */
export interface Entry {
  readonly dtype: ElementType;
  readonly dims: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads a header and checks it against the number of bytes that follow it: the entries tile them, without hole or overlap. */
export function readHeader(text: string, dataBytes: number): Header {
  const entries = new Map<string, Entry>();
  const metadata = new Map<string, string>();
  const source = new HeaderText(text);
  source.object('the header', (name) => {
    if (name === metadataKey)
      source.object(metadataKey, (key) => metadata.set(key, source.string(`${metadataKey} under ${quoted(key)}`)));
    else entries.set(name, readEntry(source, name));
  });
  source.end();
  checkTiling(entries, dataBytes);
  return { entries, metadata };
}

function readEntry(source: HeaderText, name: string): Entry {
  const what = tensorNamed(name);
  let dtype: string | undefined;
  let dims: readonly number[] | undefined;
  let offsets: readonly number[] | undefined;
  source.object(what, (field) => {
    if (field === 'dtype') dtype = source.string(`the dtype of ${what}`);
    else if (field === 'shape') dims = source.counts(`the shape of ${what}`);
    else if (field === 'data_offsets') offsets = source.counts(`data_offsets of ${what}`);
    else source.fail(`${what} has the unknown key ${quoted(field)}`, name);
  });
  if (dtype === undefined || dims === undefined || offsets === undefined)
    return source.fail(`${what} must have dtype, shape and data_offsets`, name);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end)
    return source.fail(`data_offsets of ${what} must be a begin and an end; received ${listed(offsets)}`, name);
  if (!isElementType(dtype)) return refuse('unsupported', name, `${what} has the unknown dtype ${quoted(dtype)}`);
  const bytes = byteLengthOf(dtype, dims);
  if (bytes !== end - begin)
    return refuse(
      'invalid',
      name,
      `${what} of ${dtype} and shape ${listed(dims)} takes ${bytes ?? 'no whole number of'} bytes; its data_offsets ${begin} and ${end} hold ${end - begin}`,
    );
  return { dtype, dims, begin, end };
}

function checkTiling(entries: ReadonlyMap<string, Entry>, dataBytes: number): void {
  // Empty tensors before what begins where they do.
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== at)
      refuse(
        'invalid',
        name,
        `${tensorNamed(name)} begins at byte ${begin} of the data, ${begin < at ? 'inside what others hold' : 'after a hole'}: it must begin at ${at}`,
      );
    at = end;
  }
  if (at > dataBytes) refuse('truncated', '', `the tensors take ${at} bytes; ${dataBytes} follow the header`);
  if (at < dataBytes) refuse('invalid', '', `${dataBytes - at} bytes after the tensors belong to none`);
}

function refuse(code: 'invalid' | 'unsupported' | 'truncated', path: string, message: string): never {
  throw new SafetensorsError(code, path, message);
}

const tensorNamed = (name: string): string => `the tensor ${quoted(name)}`;
