import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FigureRecord } from '../../../scripts/records/figureRecord.ts';

const folder = fileURLToPath(new URL('../../../records/', import.meta.url));

declare const data: readonly FigureRecord[];
export { data };

// VitePress asks for a default export.
// oxlint-disable-next-line import/no-default-export
export default {
  watch: ['../../../records/*.json'],
  load: (): readonly FigureRecord[] =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name !== 'schema.json')
      .sort()
      .map((name) => JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as FigureRecord),
};
