import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { cosineDecay, warmup, type Schedule } from '@anneal/core';
import {
  adamW,
  momentum,
  readModel,
  rmsprop,
  softmaxCrossEntropy,
  type Loss,
  type Model,
  type Optimizer,
} from '@anneal/onnx';
import type { StoredTensorOf } from '@anneal/safetensors';
import { readFloat32File } from '../float32File.ts';
import type { BatchRecipe } from './batches.ts';

/** A file that PyTorch exported. */
export interface ExportedFile {
  readonly file: string;
  readonly exporter: 'dynamo' | 'legacy';
  readonly opset: number;
  readonly nodes: number;
  readonly operators: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly externalData: boolean;
  /** The name of its logits. */
  readonly output: string;
  /** PyTorch's parameters that have another name in the file; ".T" where the matrix is transposed as well. */
  readonly names: Readonly<Record<string, string>>;
}

/** What tools/reference/onnx_models.py recorded of one network. */
export interface Recording {
  readonly batches: BatchRecipe;
  readonly recipe: {
    readonly optimizer: 'SGD' | 'RMSprop' | 'AdamW';
    readonly options: Readonly<Record<string, unknown>>;
    readonly peak: number;
    readonly warmup: number;
    readonly clip: number | null;
    readonly decayMatrices: boolean;
  };
  /** Shapes of PyTorch's parameters. */
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly files: readonly ExportedFile[];
  /** The loss of each update, before it, and the largest relative effect on it, so far, of one weight moved by one unit in the last place. */
  readonly losses: readonly number[];
  readonly effect: readonly number[];
  /** The losses where batch normalisation uses its stored statistics, if the network has any. */
  readonly storedLosses?: readonly number[];
  /** Some elements of each trained tensor and running statistic, evenly spread, and what one moved weight makes of them. */
  readonly final: Readonly<Record<string, { readonly values: readonly number[]; readonly effect: number }>>;
}

const fixture = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);

/** A file and what was recorded of the network that it came from. */
export interface Exported {
  readonly network: string;
  readonly file: ExportedFile;
  readonly recording: Recording;
}

/** By the name of the file; the network is its first word. */
export function exportedFile(name: string): Exported {
  const network = name.split('.')[0]!;
  const recording = JSON.parse(readFileSync(fixture(`${network}.json`), 'utf8')) as Recording;
  return { network, file: recording.files.find(({ file }) => file === name)!, recording };
}

/** The gradients of the first batch, by PyTorch's names. */
export const recordedGradients = (network: string): ReadonlyMap<string, StoredTensorOf<'F32'>> =>
  readFloat32File(readFileSync(fixture(`${network}.gradients.safetensors`))).tensors;

export function exportedModel({ file }: ExportedFile): Model {
  const [data, packed] = [fixture(`${file}.data`), fixture(`${file}.gz`)];
  return readModel(existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(fixture(file)), {
    externalData: existsSync(data) ? { [`${file}.data`]: readFileSync(data) } : {},
  });
}

/** A parameter's name in a file, and the place there of its element number i in PyTorch. */
export function locate(
  { names }: ExportedFile,
  name: string,
  dims: readonly number[],
): { readonly at: string; readonly place: (i: number) => number } {
  const found = names[name] ?? name;
  if (!found.endsWith('.T')) return { at: found, place: (i) => i };
  const [rows, columns] = dims as [number, number];
  return { at: found.slice(0, -2), place: (i) => (i % columns) * rows + Math.floor(i / columns) };
}

export const lossOf = ({ batches }: Recording, { output }: ExportedFile): Loss =>
  softmaxCrossEntropy({ logits: output, ...(batches.kind === 'tokens' && { ignoreIndex: -100 }) });

/** A warm-up from 1/(W + 1) and a cosine to 0 at the last step. */
export const scheduleOf = ({ recipe, losses }: Recording): Schedule =>
  warmup({
    warmupSteps: recipe.warmup,
    schedule: cosineDecay({ initValue: recipe.peak, decaySteps: losses.length - recipe.warmup }),
  });

/** Our optimizer of the same definition. */
export function optimizerOf(recording: Recording, file: ExportedFile): Optimizer {
  const { optimizer, options, decayMatrices } = recording.recipe;
  const number = (name: string): number => options[name] as number;
  if (optimizer === 'SGD')
    return momentum({
      momentum: number('momentum'),
      nesterov: options['nesterov'] === true,
      l2: (options['weight_decay'] as number | undefined) ?? 0,
    });
  if (optimizer === 'RMSprop')
    return rmsprop({
      alpha: number('alpha'),
      epsilon: number('eps'),
      momentum: number('momentum'),
      l2: number('weight_decay'),
    });
  const [beta1, beta2] = (options['betas'] as [number, number] | undefined) ?? [0.9, 0.999];
  const matrices = Object.entries(recording.parameters).flatMap(([name, dims]) =>
    dims.length < 2 ? [] : [locate(file, name, dims).at],
  );
  return adamW({ beta1, beta2, weightDecay: number('weight_decay'), ...(decayMatrices && { decay: matrices }) });
}
