// Of the web and of Node alike; declared because this package is compiled with the types of neither.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Throws a TypeError for what is not UTF-8. A byte order mark stays: JSON does not begin with one. */
export const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** Whether UTF-8 can hold a text: half of a surrogate pair it cannot. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** A text in a sentence, cut where a stranger wrote much. */
export const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** A list of numbers in a sentence. */
export const listed = (numbers: readonly unknown[]): string =>
  `[${numbers.slice(0, 8).join(', ')}${numbers.length > 8 ? ', …' : ''}]`;
