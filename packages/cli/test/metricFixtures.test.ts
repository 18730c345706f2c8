// The recorded runs of controllers, through the command: `sample --metrics` reports element t after update t, as a training
// loop does, and a number stands for whatever metric the import names.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { frameworks } from '../src/input/framework.ts';
import { invoke } from './invoke.ts';

interface Case {
  readonly id: string;
  readonly description: object;
  readonly steps: readonly number[];
  readonly values: { readonly learningRate: readonly number[] };
  readonly metrics?: readonly unknown[];
  readonly precision?: 'float32';
  readonly error?: string;
  readonly refused?: string;
}

const folder = new URL('../../compat/fixtures/', import.meta.url);
const controllers = frameworks.flatMap((framework) =>
  readdirSync(new URL(`${framework}/`, folder)).flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(`${framework}/${file}`, folder), 'utf8')) as { cases: Case[] };
    const told = cases.filter(({ metrics, error, refused }) => metrics && error === undefined && refused === undefined);
    return told.length === 0 ? [] : [[framework, file.replace('.json', ''), told] as const];
  }),
);

test('controllers of seven frameworks are recorded', () => {
  expect(new Set(controllers.map(([framework]) => framework)).size).toBe(7);
});

test.each(controllers)('%s %s', async (framework, _, cases) => {
  for (const { id, description, steps, values, metrics, precision } of cases) {
    const words = ['--from', framework, '--steps', String(steps.at(-1)! + 1), '--metrics', JSON.stringify(metrics)];
    const { out, err } = await invoke(['sample', JSON.stringify(description), ...words, '--json']);
    expect(err, id).toBe('');
    const ours = (JSON.parse(out) as { values: { learningRate: readonly number[] } }).values.learningRate;
    // The bars of the import's own tests: a rounding a report in float64, or what the framework computes in float32.
    const peak = Math.max(...values.learningRate);
    const bar = precision === 'float32' ? 2 ** -22 * peak : 1e-12 * peak;
    const off = steps.filter((step, i) => !(Math.abs(ours[step]! - values.learningRate[i]!) <= bar));
    expect(off, `${framework} ${id}: steps that differ`).toEqual([]);
  }
});
