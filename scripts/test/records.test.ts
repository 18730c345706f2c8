import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import type { FigureRecord } from '../records/figureRecord.ts';
import { Recording } from '../records/recording.ts';

const schema = JSON.parse(readFileSync('records/schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
const scratch = mkdtempSync(join(tmpdir(), 'anneal-records-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const read = (file: string): FigureRecord => JSON.parse(readFileSync(file, 'utf8')) as FigureRecord;
const recording = (...argv: readonly string[]): Recording =>
  new Recording({ script: 'bench:test', argv, folder: scratch });

describe('a recording', () => {
  test('says how its figures came to be, in the form of the schema and of the formatter', () => {
    const one = recording('--record', '--case', 'mlp, wide');
    const row = one.table('a table', 'what', 'time, ms');
    row('fast', 1.23456);
    row('never', Infinity);
    one.table('one that stayed empty', 'what');
    const file = one.end({ packages: ['vitest'], from: import.meta.url, graphics: 'none' })!;
    const record = read(file);
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect(file).toBe(join(scratch, 'bench-test.json'));
    expect(record).toMatchObject({
      command: 'pnpm bench:test --record --case "mlp, wide"',
      quick: false,
      machine: { graphics: 'none', system: `${process.platform} ${process.arch}` },
      versions: { node: process.versions.node },
      tables: [
        {
          caption: 'a table',
          head: ['what', 'time, ms'],
          rows: [
            ['fast', 1.235],
            ['never', null],
          ],
        },
      ],
    });
    expect(record.versions['vitest']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(record.date).toBe(new Date().toISOString().slice(0, 10));
    const checked = spawnSync(process.execPath, [resolve('node_modules/oxfmt/bin/oxfmt'), '--check', file]);
    expect(checked.status).toBe(0);
  });

  test('is written when it is asked for, and says when it was short', () => {
    const without = recording('--quick');
    without.table('a table', 'n')(1);
    expect(without.end()).toBeUndefined();
    const short = recording('--quick', '--record');
    short.table('a table', 'n')(1);
    expect(read(short.end()!).quick).toBe(true);
  });

  test('of nothing, or with a row that does not fit, is a mistake', () => {
    expect(() => recording('--record').end()).toThrow('bench:test: nothing was measured');
    expect(() => recording().table('a table', 'a', 'b')(1)).toThrow('a table: a row needs 2 cells; received 1');
  });
});

describe('what stands in records/', () => {
  const files = existsSync('records') ? readdirSync('records').filter((name) => name !== 'schema.json') : [];
  const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;

  test.each([...files, ''])('%s keeps to the schema and was made by a whole run of a command that there is', (name) => {
    if (name === '') return;
    const record = read(join('records', name));
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect(record.quick).toBe(false);
    expect(scripts).toHaveProperty([record.command.split(' ')[1]!]);
    expect(name).toBe(`${record.command.split(' ')[1]!.replaceAll(':', '-')}.json`);
  });
});
