import type { Metrics } from '@anneal/core';
import type { Io } from '../io.ts';
import { UsageError } from '../usageError.ts';
import { readJson } from './readText.ts';

/** Reads what `--metrics` names: an array of numbers, null for NaN, or `{ name: number }`. */
export async function readMetrics(argument: string, io: Io): Promise<readonly (number | Metrics)[]> {
  const json = await readJson(argument, '[', io);
  if (!Array.isArray(json)) throw new UsageError('--metrics must be a JSON array of numbers, null or {name: number}');
  return json.map((item: unknown, i) => {
    if (isMetric(item)) return item ?? Number.NaN;
    if (typeof item === 'object' && item !== null && Object.values(item).every(isMetric))
      return Object.fromEntries(
        Object.entries(item).map(([name, value]) => [name, (value as number | null) ?? Number.NaN]),
      );
    throw new UsageError(
      `--metrics: element ${i} must be a number, null or {name: number}; received ${JSON.stringify(item)}`,
    );
  });
}

const isMetric = (value: unknown): value is number | null => value === null || typeof value === 'number';
