import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { json, schedule } from './schedule.ts';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test("the repository's README begins with this example and says what it gives", () => {
  const readme = text('../../../README.md');
  const made = text('./schedule.ts').split('\n\n', 2).join('\n\n').replace('export const', 'const');
  expect(readme).toContain(made);

  const claims = [...readme.matchAll(/^schedule\((\d+)\); \/\/ ([\d.]+)/gm)];
  expect(claims.map(([, step]) => step)).toEqual(['0', '100', '1000']);
  for (const [, step, value = ''] of claims) {
    expect(String(schedule(Number(step))).slice(0, value.length)).toBe(value);
  }
  const [, start = '-'] = /^JSON\.stringify\(schedule\); \/\/ (.*?)…/m.exec(readme) ?? [];
  expect(json.startsWith(start)).toBe(true);
});
