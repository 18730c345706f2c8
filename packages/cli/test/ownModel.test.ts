import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '@anneal/lab';
import { mlp } from '@anneal/lab/models';
import { writeModel } from '@anneal/onnx';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { invoke } from './invoke.ts';
import { reportedCommand } from './reportedCommand.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), "anneal one's own-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

// Points of the plane, by the quadrant that they lie in.
writeFileSync(file('mine.onnx'), writeModel(mlp([2, 16, 4]).graph(1)));
const rows = Array.from({ length: 200 }, (_, i) => {
  const [x, y] = [Math.sin(7 * i), Math.cos(11 * i)];
  return { inputs: [x, y], labels: (x > 0 ? 1 : 0) + (y > 0 ? 2 : 0) };
});
writeFileSync(file('mine.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
writeFileSync(file('wrong.jsonl'), '{"inputs":[1,2],"labels":0}\n{"inputs":[1,"two"],"labels":0}\n');

const command = (...more: string[]): string[] => [
  'train',
  '--model',
  file('mine.onnx'),
  '--data',
  file('mine.jsonl'),
  ...more,
];

describe('a model and data of one’s own', () => {
  test('train on every backend alike, with everything that train has', async () => {
    const out = ['--epochs', '8', '--learning-rate', '0.02', '--control', '--patience', '8', '--out', file('out')];
    const { code, err, out: text } = await invoke(command('--json', ...out));
    expect({ code, err }).toMatchObject({ code: 0 });
    const summary = JSON.parse(text) as Summary;
    expect(summary).toMatchObject({ task: 'mine', data: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const accuracies = summary.runs.map(({ testAccuracy }) => testAccuracy);
    expect(accuracies[0]).toBeGreaterThan(0.7);
    expect(accuracies[1]).toBe(accuracies[0]);
    expect(summary.differences[0]).toMatchObject({ learningRate: 0 });
    // The command in the report makes the same again.
    const repeated = await invoke([...reportedCommand(file('out')), '--json', '--out', file('again')]);
    expect(repeated).toMatchObject({ code: 0 });
    expect(readFileSync(file('again/metrics.jsonl'))).toEqual(readFileSync(file('out/metrics.jsonl')));
    expect(reportedCommand(file('again'))).toEqual(reportedCommand(file('out')));
    // Other data are another study.
    writeFileSync(
      file('other.jsonl'),
      rows
        .slice(1)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    const other = ['train', '--model', file('mine.onnx'), '--data', file('other.jsonl'), '--resume', ...out];
    expect((await invoke(other)).err).toContain('was begun with data');
  });

  test.each([
    [command().slice(0, 3), '--model needs --data, what it is to learn from'],
    [['train', '--data', file('mine.jsonl')], '--data needs --model'],
    [['train', '--model', file('mine.onnx'), '--data', file('wrong.jsonl')], 'wrong.jsonl'],
    [['train', '--model', file('none.onnx'), '--data', file('mine.jsonl')], 'none.onnx'],
    [command('--task', 'digits'), '--model is a task of its own; leave out --task'],
    [command('--mean', '0.5'), 'mean and deviation are of images; they need a folder'],
    [command('--loss', 'hinge'), 'unknown loss "hinge"; known: '],
    [command('--mean', 'grey'), '--mean must be numbers with commas between; received "grey"'],
    [['train', '--task', file('none.ts')], 'none.ts: it cannot be read'],
  ])('%j is one sentence', async (words, sentence) => {
    const { code, err, out } = await invoke([...words, '--out', file('never')]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err.trimEnd()).not.toContain('\n');
  });

  test('a wrong value is named by file, line and field', async () => {
    const { err } = await invoke(['train', '--model', file('mine.onnx'), '--data', file('wrong.jsonl')]);
    expect(err).toMatch(/wrong\.jsonl.*2.*inputs/);
  });
});
