import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosineDecay } from '@anneal/core';
import { afterAll, describe, expect, test } from 'vitest';
import { framework, frameworks } from '../src/input/framework.ts';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'anneal-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const cosine = { type: 'cosineDecay', initValue: 0.1, decaySteps: 10 } as const;
const inline = JSON.stringify(cosine);
const values = (steps: number, start = 0) =>
  Array.from({ length: steps }, (_, i) => cosineDecay({ initValue: 0.1, decaySteps: 10 })(start + i));

describe('sample', () => {
  test('--json prints the values in full precision, in one form, for every kind of spec', async () => {
    const expected = `${JSON.stringify({ start: 0, steps: 3, values: { learningRate: values(3) } })}\n`;
    const path = file('cosine.json', inline);
    for (const { out, code, err } of [
      await invoke(['sample', inline, '--steps', '3', '--json']),
      await invoke(['sample', path, '--steps=3', '--json']),
      await invoke(['sample', '-', '--steps', '3', '--json'], { input: inline }),
      await invoke(['sample', '--json', '--steps', '3', ` ${inline}`]),
    ]) {
      expect([code, err, out]).toEqual([0, '', expected]);
    }
  });

  test('--json holds every track and group of a plan', async () => {
    const plan = { learningRate: cosine, momentum: 0.9, groups: { head: { learningRate: 1 } } };
    const { out } = await invoke(['sample', JSON.stringify(plan), '--steps', '2', '--start', '4', '--json']);
    expect(JSON.parse(out)).toEqual({
      start: 4,
      steps: 2,
      values: { learningRate: values(2, 4), momentum: [0.9, 0.9] },
      groups: { head: { learningRate: [1, 1], momentum: [0.9, 0.9] } },
    });
  });

  test('--metrics drives controllers: element t is reported after update t', async () => {
    const plateau = { use: { type: 'reduceOnPlateau', reduceFactor: 0.5, patience: 0 } };
    const plan = JSON.stringify({ learningRate: { schedule: 1, controllers: { plateau } } });
    const metrics = file('metrics.json', '[3, null, {"loss": 2}, {"other": 9}, 2]');
    const all = await invoke(['sample', plan, '--steps', '7', '--metrics', metrics, '--json']);
    expect((JSON.parse(all.out) as { values: unknown }).values).toEqual({
      learningRate: [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25],
    });
    const later = await invoke(['sample', plan, '--steps', '2', '--start', '4', '--metrics', metrics, '--json']);
    expect((JSON.parse(later.out) as { values: unknown }).values).toEqual({ learningRate: [0.5, 0.25] });
  });

  test('--csv and the table say the same', async () => {
    const csv = await invoke(['sample', inline, '--steps', '2', '--start', '5', '--csv']);
    expect(csv.out).toBe(`step,learningRate\n5,${values(1, 5)[0]}\n6,${values(1, 6)[0]}\n`);
    const table = await invoke(['sample', inline, '--steps', '2', '--start', '5']);
    expect(table.out).toBe('step  learningRate\n   5          0.05\n   6     0.0345492\n');
  });

  test('--from torch prints the learning rate and momentum of a cycle', async () => {
    const spec = '{"name":"OneCycleLR","args":{"max_lr":0.1,"total_steps":100},"lr":0.1,"momentum":0.9}';
    const { out, err } = await invoke(['sample', spec, '--from', 'torch', '--steps', '100', '--json']);
    const { values } = JSON.parse(out) as { values: Record<string, readonly number[]> };
    expect([err, Object.keys(values)]).toEqual(['', ['learningRate', 'momentum']]);
    // The class's own arithmetic at the ends and at the peak, update 0.3·100 − 1.
    expect([0, 29, 99].map((step) => values['learningRate']![step]).map(Number)).toEqual([0.004, 0.1, 4e-7]);
    expect([0, 29, 99].map((step) => values['momentum']![step])).toEqual([0.95, 0.85, 0.95]);
  });

  test('--from torch takes sequences and chains within one another', async () => {
    const sequence = {
      name: 'SequentialLR',
      args: {
        schedulers: [
          { name: 'ConstantLR', args: { factor: 0.5, total_iters: 2 } },
          { name: 'ExponentialLR', args: { gamma: 0.5 } },
        ],
        milestones: [2],
      },
    };
    const chain = { name: 'ChainedScheduler', args: { schedulers: [{ name: 'StepLR', args: { step_size: 3 } }] } };
    const spec = { ...chain, args: { schedulers: [sequence, ...chain.args.schedulers] }, lr: 0.8 };
    const { out } = await invoke(['sample', JSON.stringify(spec), '--from', 'torch', '--steps', '5', '--json']);
    const rates = (JSON.parse(out) as { values: { learningRate: readonly number[] } }).values.learningRate;
    expect(rates.map((rate) => Number(rate.toPrecision(12)))).toEqual([0.4, 0.4, 0.8, 0.04, 0.02]);
  });

  test('--metrics drives a controller of a framework', async () => {
    const spec = '{"name":"ReduceLROnPlateau","args":{"patience":0,"factor":0.5},"lr":1}';
    const words = ['sample', spec, '--from', 'torch', '--steps', '5', '--metrics', '[1, 2, null, 0.5]', '--json'];
    expect(JSON.parse((await invoke(words)).out)).toMatchObject({ values: { learningRate: [1, 1, 0.5, 0.25, 0.25] } });
  });

  test('--from reads a framework’s own description', async () => {
    const description = { name: 'ExponentialLR', args: { gamma: 0.5 }, lr: 0.8 };
    const { out } = await invoke(['sample', JSON.stringify(description), '--from', 'torch', '--steps', '3', '--json']);
    expect(JSON.parse(out)).toMatchObject({ values: { learningRate: [0.8, 0.4, 0.2] } });
  });
});

describe('a mistake is one sentence and exit code 2', () => {
  const percent = JSON.stringify({ ...cosine, decaySteps: '10%' });
  test.each([
    [
      ['sample', '{"type":"cosineDecay","initValue":1,"decaySteps":0}', '--steps', '1'],
      'cosineDecay: decaySteps must be a number > 0; received 0',
    ],
    [
      ['sample', '{"type":"cosine"}', '--steps', '1'],
      'the schedule: unknown type "cosine", write cosineDecay; known: ',
    ],
    [
      ['sample', '{"type":"constant","value":1,"valu":2}', '--steps', '1'],
      'constant: unknown option "valu", write value; known: value',
    ],
    [['sample', '{"type":"constant","value":NaN}', '--steps', '1'], 'the inline text is not JSON: '],
    [
      ['sample', percent, '--steps', '5'],
      'cosineDecay: decaySteps "10%" needs a horizon: totalSteps is not known here',
    ],
    [['sample', join(folder, 'none.json'), '--steps', '1'], `${join(folder, 'none.json')}: there is no such file`],
    [['sample', folder, '--steps', '1'], `${folder}: it cannot be read (EISDIR)`],
    [['sample', inline], '--steps is required: an integer from 1 to 10000000'],
    [['sample', inline, '--steps', '2.5'], '--steps must be an integer from 1 to 10000000; received "2.5"'],
    [['sample', inline, '--steps', '1', '--start', '-1'], '--start must be an integer >= 0; received "-1"'],
    [['sample', inline, '--stepz', '1'], 'unknown flag --stepz; known: --from, '],
    [['sample', inline, '--steps'], '--steps needs a value'],
    [['sample', inline, inline, '--steps', '1'], 'unexpected argument '],
    [['sample', '--steps', '1'], '<spec> is missing'],
    [['sample', inline, '--steps', '1', '--json', '--csv'], '--json and --csv exclude each other'],
    [
      ['sample', inline, '--steps', '1', '--from', 'jax'],
      'unknown framework "jax"; known: composer, deepspeed, fairseq, ',
    ],
    [
      ['sample', inline, '--steps', '1', '--metrics', '["a"]'],
      '--metrics: element 0 must be a number, null or {name: number}; received "a"',
    ],
    [
      [
        'sample',
        '{"learningRate":{"schedule":1,"controllers":{"p":{"use":{"type":"reduceOnPlateau"}}}}}',
        '--steps',
        '3',
        '--metrics',
        '[{"batchLoss":1},{"val_loss":2}]',
      ],
      '--metrics names "batchLoss", "val_loss"; the plan reads "loss", and a bare number is any of them',
    ],
    [['plot', inline, '--steps', '9', '--track', 'beta1'], '--track beta1: no plan here has such a track'],
    [['plot', inline, '--steps', '9', '--svg', folder], `--svg ${folder}: cannot be written (EISDIR)`],
    [['fly'], 'unknown command "fly"; known: sample, plot, lint, convert, train'],
  ])('%j', async (words, sentence) => {
    const { code, out, err } = await invoke(words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`anneal: ${sentence}`);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

test('"10%" is known where the length of the run is', async () => {
  const percent = JSON.stringify({ ...cosine, decaySteps: '10%' });
  const { out } = await invoke(['sample', percent, '--steps', '3', '--total-steps', '100', '--json']);
  expect(JSON.parse(out)).toMatchObject({ values: { learningRate: values(3) } });
});

test('plot draws in the terminal and as SVG', async () => {
  const drawn = await invoke(['plot', inline, JSON.stringify({ type: 'constant', value: 0.05 }), '--steps', '11']);
  expect(drawn.code).toBe(0);
  expect(drawn.out).toContain('learningRate');
  expect(drawn.out).toContain('█ cosineDecay\n█ constant\n');
  expect(drawn.out).not.toContain('\u001B');
  expect(Math.max(...drawn.out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  const path = join(folder, 'chart.svg');
  expect(await invoke(['plot', inline, '--steps', '11', '--svg', path])).toEqual({ code: 0, out: '', err: '' });
  const svg = readFileSync(path, 'utf8');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>$/s);
});

test('lint prints findings and exits with 1 if there is a warning', async () => {
  expect(await invoke(['lint', inline, '--steps', '10'])).toMatchObject({ code: 0, err: '' });
  const found = await invoke(['lint', inline, '--steps', '5', '--json']);
  expect(found.code).toBe(1);
  expect(JSON.parse(found.out)).toMatchObject([{ code: 'endNotReached', severity: 'warning' }]);
});

describe('convert', () => {
  const description = JSON.stringify({ name: 'CosineAnnealingLR', args: { T_max: 10 }, lr: 0.1 });

  test('writes JSON that samples to the same values', async () => {
    const { out } = await invoke(['convert', description, '--from', 'torch']);
    const again = await invoke(['sample', out, '--steps', '11', '--json']);
    const direct = await invoke(['sample', description, '--from', 'torch', '--steps', '11', '--json']);
    expect(again.out).toBe(direct.out);
  });

  test('writes JSON that can be read again, also of a schedule that only the framework has', async () => {
    const noisy = JSON.stringify({ name: 'CosineLRScheduler', args: { t_initial: 9, noise_range_t: 3 }, lr: 0.1 });
    const { out } = await invoke(['convert', noisy, '--from', 'timm']);
    const again = await invoke(['sample', out, '--steps', '9', '--json']);
    expect(again.out).toBe((await invoke(['sample', noisy, '--from', 'timm', '--steps', '9', '--json'])).out);
  });

  test('writes Python, or says that a framework is only read', async () => {
    for (const name of frameworks) {
      const { code, out, err } = await invoke(['convert', '{"type":"constant","value":0.1}', '--to', name]);
      const { write } = await framework(name);
      expect([name, code, err]).toEqual(
        write === undefined ? [name, 2, `anneal: ${name} is only read, no Python is written for it\n`] : [name, 0, ''],
      );
      expect(out === '').toBe(write === undefined);
    }
  });

  test('writes Python', async () => {
    const { out } = await invoke(['convert', inline, '--to', 'torch']);
    expect(out).toContain('CosineAnnealingLR(optimizer, T_max=10');
  });
});

test('the frameworks named here are those that the translator has', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../compat/package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const paths = Object.keys(manifest.exports).filter((path) => path !== '.' && path !== './package.json');
  expect([...frameworks].sort()).toEqual(paths.map((path) => path.slice(2)).sort());
});

test.each([
  [[]],
  [['--help']],
  [['sample', '--help']],
  [['plot', '-h']],
  [['lint', '--help']],
  [['convert', '--help']],
  [['train', '--help']],
])('help of %j is plain text off a terminal', async (words: string[]) => {
  const { out, err, code } = await invoke(words);
  expect([code, err]).toEqual([words.length === 0 ? 2 : 0, '']);
  expect(out).toContain('USAGE');
  expect(out).not.toContain('\u001B');
});
