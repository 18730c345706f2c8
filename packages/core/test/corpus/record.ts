// Records the values of the corpus files that have none yet:
//   npx tsx --conditions=@anneal/source packages/core/test/corpus/record.ts
// What a release has recorded is never recorded again: a later version must reproduce it. With --examples it first adds
// the example of every definition that is not in the newest version's folder.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parsePlan } from '../../src/index.ts';
import { horizon, sample, type Recorded } from './sample.ts';

const here = new URL('.', import.meta.url).pathname;
const versions = readdirSync(here, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
/** One line for each thing recorded. */
const lines = (recorded: Recorded): string => {
  const members = Object.entries(recorded).map(([key, value]) => {
    const list: unknown = value;
    const text = Array.isArray(list)
      ? `[\n${list.map((item) => JSON.stringify(item)).join(',\n')}\n]`
      : JSON.stringify(list);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
};

if (process.argv.includes('--examples')) {
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)!;
  const { definitions } = JSON.parse(readFileSync(`${here}/../../definitions.json`, 'utf8')) as {
    readonly definitions: readonly { name: string; folder: string; exampleSpec: object }[];
  };
  for (const { name, folder, exampleSpec } of definitions) {
    const path = `${here}/${newest}/${name}.json`;
    const controlled = { learningRate: { schedule: 0.1, controllers: { it: { use: exampleSpec } } } };
    if (!existsSync(path)) writeFileSync(path, json(folder === 'controllers' ? controlled : exampleSpec));
  }
}

for (const version of versions) {
  for (const file of readdirSync(`${here}/${version}`)) {
    const target = `${here}/${version}/${file.replace('.json', '.values.json')}`;
    if (file.endsWith('.values.json') || existsSync(target)) continue;
    writeFileSync(
      target,
      lines(sample(parsePlan(JSON.parse(readFileSync(`${here}/${version}/${file}`, 'utf8')), horizon))),
    );
    process.stdout.write(`recorded ${target}\n`);
  }
}
