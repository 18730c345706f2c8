import * as core from '@anneal/core';
import * as tfCore from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import * as root from '../src/index.ts';
import * as layersRoom from '../src/layers/index.ts';
import * as ops from '../src/ops/index.ts';
import * as training from '../src/training/index.ts';
import readme from '../README.md?raw';
import { useBackend } from './backend.ts';

beforeAll(() => useBackend());

/** The union package is these two. */
const modules: Readonly<Record<string, object>> = {
  '@tensorflow/tfjs': { ...tfCore, ...layers },
  '@anneal/core': core,
  '@anneal/tfjs': root,
  '@anneal/tfjs/layers': layersRoom,
  '@anneal/tfjs/ops': ops,
  '@anneal/tfjs/training': training,
};

const blocks = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code!);

/** Runs a block: its imports become arguments, and the expressions with a comment behind them are returned. */
async function run(code: string): Promise<Record<string, unknown>> {
  const scope: Record<string, unknown> = {};
  const body = code.replace(/^import (.*?) from '(.*?)';\n/gm, (_, names: string, from: string) => {
    const module = modules[from] as Record<string, unknown>;
    if (names.startsWith('* as ')) scope[names.slice(5)] = module;
    else
      for (const name of names.replace(/[{} ]/g, '').split(',')) {
        if (module[name] === undefined) throw new Error(`${from} has no ${name}`);
        scope[name] = module[name];
      }
    return '';
  });
  const noted = body
    .replace(/^([\w.]+); \/\/.*$/gm, 'noted["$1"] = $1;')
    .replace(/^const (\w+) = (.*); \/\/.*$/gm, 'const $1 = noted["$1"] = $2;');
  const AsyncFunction = (async () => undefined).constructor as new (
    ...names: string[]
  ) => (...values: unknown[]) => Promise<Record<string, unknown>>;
  return new AsyncFunction(...Object.keys(scope), `const noted = {};\n${noted}\nreturn noted;`)(
    ...Object.values(scope),
  );
}

test('every block runs, and what its comments say is so', async () => {
  expect(blocks).toHaveLength(6);
  const [first, , groups, callbacks, bound, later] = await blocks.reduce<Promise<Record<string, unknown>[]>>(
    async (before, block) => [...(await before), await run(block)],
    Promise.resolve([]),
  );
  expect(first!['binding.step']).toBe(200);
  expect(first!['binding.learningRate']).toBeLessThan(1e-4);
  expect(groups!['binding.values.groups.head.learningRate']).toBe(Math.fround(0.01));
  expect(callbacks!['history.lr']).toHaveLength(5);
  expect(callbacks!['best.bestEpoch']).toBeLessThan(5);
  expect([bound!['decaySteps'], bound!['binding.step']]).toEqual([10, 10]);
  expect(later!['resumed.binding.step']).toBe(10);
});

test('the rooms hold what the table says', () => {
  for (const [, room, names] of readme.matchAll(/^\| `(@anneal\/tfjs[^`]*)` \|[^|]*\| (.*) \|$/gm)) {
    const values = Object.entries(modules[room!]!).filter(([, value]) => typeof value === 'function');
    const listed = [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    expect(
      values
        .map(([name]) => name)
        .filter((name) => !/^[A-Z]/.test(name))
        .toSorted(),
    ).toEqual(listed.toSorted());
  }
});
