// Files that earlier versions wrote or read: every later 1.x reads them and gives the values recorded beside them.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createScheduler, parsePlan, planToJSON, scheduleDefinitions, type StepValues } from '../src/index.ts';
import { half, horizon, reportOf, sample, type Recorded } from './corpus/sample.ts';

const folder = new URL('corpus', import.meta.url).pathname;
const versions = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const read = (path: string): unknown => JSON.parse(readFileSync(`${folder}/${path}`, 'utf8'));
const files = versions.flatMap((version) =>
  readdirSync(`${folder}/${version}`).flatMap((file) => (file.endsWith('.values.json') ? [] : [`${version}/${file}`])),
);

/** Engines differ in the last bits of cos, exp and pow; a few of them may be multiplied into one value. */
const relative = 2 ** -48;

function agrees(one: StepValues | number | undefined, other: StepValues | number | undefined): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    return one === other || Math.abs(one - other) <= relative * Math.max(Math.abs(one), 1e-6);
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  const [a, b] = [one, other] as unknown as [Record<string, number>, Record<string, number>];
  return Object.keys(a).join() === Object.keys(b).join() && Object.keys(a).every((key) => agrees(a[key], b[key]));
}

describe.each(files)('%s', (file) => {
  const plan = parsePlan(read(file), horizon);
  const recorded = read(file.replace('.json', '.values.json')) as Recorded;

  test('is read and gives the values recorded', () => {
    const { values, reported } = sample(plan);
    const different = [...recorded.values, ...recorded.reported].filter(
      ([, expected], i) => !agrees([...values, ...reported][i]?.[1], expected),
    );
    expect(different).toEqual([]);
  });

  test('goes on from the state recorded', () => {
    const scheduler = createScheduler(parsePlan(planToJSON(plan)));
    scheduler.restore(recorded.state);
    const different = recorded.reported.slice(half).filter(([loss, expected]) => {
      scheduler.advance();
      scheduler.report(reportOf(loss));
      return !agrees(scheduler.values(), expected);
    });
    expect(different).toEqual([]);
  });
});

test('every schedule stands in the corpus', () => {
  const text = files.map((file) => JSON.stringify(read(file))).join();
  expect(scheduleDefinitions.filter(({ type }) => !text.includes(`"type":"${type}"`)).map(({ type }) => type)).toEqual(
    [],
  );
});
