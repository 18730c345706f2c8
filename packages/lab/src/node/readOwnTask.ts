import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkModel, raiseOpset, readModel, type Model } from '@anneal/onnx';
import { csvRows } from '../data/own/csvRows.ts';
import { ExampleCollector } from '../data/own/examples.ts';
import { fieldsOf, type OwnChoice } from '../data/own/fields.ts';
import { checkImageOptions, imageForm, imageTensor, type ImageOptions } from '../data/own/imageTensor.ts';
import { jsonLine } from '../data/own/jsonLine.ts';
import { ownLossNamed } from '../data/own/ownLoss.ts';
import { ownTask } from '../data/own/ownTask.ts';
import { LabError } from '../labError.ts';
import type { Split } from '../tasks/source.ts';
import type { Task } from '../tasks/task.ts';

export interface OwnFiles extends OwnChoice, ImageOptions {
  /** An .onnx file. */
  readonly model: string;
  /** A .jsonl or .csv file, or a folder of images: a folder for each class, or train, validation and test with one for each class in them. */
  readonly data: string;
  /** Files of their own for the other splits; then `data` is for training alone. Both or none. */
  readonly validation?: string | undefined;
  readonly test?: string | undefined;
  /** By its name in @anneal/onnx; default "softmaxCrossEntropy". */
  readonly loss?: string | undefined;
  /** Deals examples out that say no split; default 0. */
  readonly splitSeed?: number | undefined;
}

/** A task made of files, and what it was made of as one hash: equal files make equal trials. */
export interface OwnTaskRead {
  readonly task: Task;
  readonly hash: string;
}

/** Reads a person's model and data. Throws a {@link LabError} that names file, line and field. */
export async function readOwnTask(files: OwnFiles): Promise<OwnTaskRead> {
  const loss = ownLossNamed(files.loss ?? 'softmaxCrossEntropy');
  if ((files.validation === undefined) !== (files.test === undefined))
    throw new LabError('data', 'validation and test must both be files of their own, or neither; received one');
  const hash = createHash('sha256');
  const { loss: lossName = 'softmaxCrossEntropy', splitSeed = 0, output, target, mean, deviation } = files;
  hash.update(JSON.stringify([lossName, splitSeed, output, target, mean, deviation]));
  const model = await readModelFile(files.model, hash);
  const collector = new ExampleCollector(fieldsOf(model, loss, files), splitSeed);
  const parts: readonly [string, Split | undefined][] =
    files.validation === undefined || files.test === undefined
      ? [[files.data, undefined]]
      : [
          [files.data, 'train'],
          [files.validation, 'validation'],
          [files.test, 'test'],
        ];
  for (const [path, split] of parts) await readData(path, split, collector, files, hash);
  const name = basename(files.model, extname(files.model));
  return { task: ownTask(name, model, loss, collector.finish(files.data), files), hash: hash.digest('hex') };
}

async function readModelFile(path: string, hash: Hash): Promise<Model> {
  const bytes = await opened(path, () => readFile(path));
  hash.update(bytes);
  // Large weights lie in files beside the model; those that it names are looked for there.
  const beside: Record<string, Uint8Array> = {};
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.endsWith('.data') && !name.endsWith('.bin')) continue;
    if (!bytes.includes(name)) continue;
    beside[name] = await readFile(join(dirname(path), name));
    hash.update(beside[name]);
  }
  try {
    const model = readModel(bytes, { externalData: beside });
    checkModel(model);
    return raiseOpset(model);
  } catch (cause) {
    throw new LabError('data', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function readData(
  path: string,
  split: Split | undefined,
  collector: ExampleCollector,
  options: ImageOptions,
  hash: Hash,
): Promise<void> {
  const kind = await opened(path, () => stat(path));
  if (kind.isDirectory()) return readFolders(path, split, collector, options, hash);
  if (options.mean !== undefined || options.deviation !== undefined)
    throw new LabError('data', `${path}: mean and deviation are of images; they need a folder of images by class`);
  const form = extname(path).toLowerCase();
  if (form === '.csv') {
    const text = await readFile(path, 'utf8');
    hash.update(text);
    for (const { example, place } of csvRows(text, path, collector.fields)) collector.add(example, place, split);
    return;
  }
  if (form !== '.jsonl')
    throw new LabError('data', `${path}: data must be a .jsonl or .csv file, or a folder of images by class`);
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1;
    hash.update(`${text}\n`);
    // Some editors begin a file with a byte order mark.
    const example = jsonLine(line === 1 ? text.replace(/^\uFEFF/, '') : text, { file: path, line });
    if (example !== undefined) collector.add(example, { file: path, line }, split);
  }
}

/** Folders of images: their names are classes, unless they are those of the splits, which then hold folders of classes. */
async function readFolders(
  path: string,
  split: Split | undefined,
  collector: ExampleCollector,
  options: ImageOptions,
  hash: Hash,
): Promise<void> {
  const form = imageForm(collector.fields);
  checkImageOptions(form, options);
  const target = collector.fields.find(({ role }) => role === 'target');
  if (target?.names !== true)
    throw new LabError('data', `${path}: a folder of images by class needs the loss softmaxCrossEntropy`);
  const names = await foldersIn(path);
  const splits = names.filter((name): name is Split => name === 'train' || name === 'validation' || name === 'test');
  if (splits.length > 0 && splits.length === names.length) {
    for (const name of splits) await readFolders(join(path, name), name, collector, options, hash);
    return;
  }
  if (names.length < 2)
    throw new LabError(
      'data',
      `${path}: it must hold a folder of images for each class, two at least; it holds ${names.join(', ') || 'none'}`,
    );
  // Decoders are loaded where there are images.
  const { decodeImage } = await import('./decodeImage.ts');
  for (const name of names) {
    const files = (await readdir(join(path, name)))
      .filter((file) => /\.(png|jpe?g)$/i.test(file))
      .sort((a, b) => (a < b ? -1 : 1));
    for (const file of files) {
      const whole = join(path, name, file);
      const bytes = await readFile(whole);
      hash.update(`${name}/${file}`).update(bytes);
      const { data, dims } = imageTensor(await decodeImage(bytes, whole), form, options);
      collector.add({ [form.field.name]: nested(data, dims), [target.name]: name }, { file: whole }, split);
    }
  }
}

/** A flat array does for a shape that is known; what the graph leaves open is told by nesting. */
const nested = (data: Float32Array, dims: readonly number[]): unknown => {
  const [, ...rest] = dims;
  if (rest.length === 0) return data;
  const width = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: data.length / width }, (_, i) => nested(data.subarray(i * width, (i + 1) * width), rest));
};

const foldersIn = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []));
  return names.sort((a, b) => (a < b ? -1 : 1));
};

async function opened<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    throw new LabError(
      'data',
      `${path}: it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
