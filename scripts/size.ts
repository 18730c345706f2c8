// Measures what a page pays for each part, against its bar: `pnpm size`. A bundle is made as
// `esbuild --bundle --minify --format=esm --target=es2022 | gzip -9` makes it, from the sources; other packages of the
// house and peers are left out, since each part counts what it adds itself. A room of tfjs stands on the root, which a page
// that binds an optimizer has already: it counts what it adds to the bundle of the root. Also checks that no prose of a
// definition is in the bundle of core. Exit 1 above a bar.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { DescribedDefinition } from './generate/describeDefinitions.ts';

interface Part {
  readonly name: string;
  /** What a page writes. */
  readonly code: string;
  /** The file that must be there for the part to exist. */
  readonly entry: string;
  /** In bytes; 1 kB is 1000 of them. */
  readonly bar: number;
  readonly external: readonly string[];
  /** What the page has already and is not counted again. */
  readonly besides?: string;
}

const part = (name: string, folder: string, entry: string, bar: number, external: readonly string[] = []): Part => ({
  name,
  code: `export * from './${entry}';`,
  entry: `packages/${folder}/src/${entry}`,
  bar,
  external: ['@tensorflow/*', 'onnxruntime-web', 'onnxruntime-node', ...external],
});

const house = ['@anneal/*'];
/** A room of tfjs, as what it adds to the root. */
const room = (name: string, bar: number): Part => ({
  ...part(`tfjs/${name}, beside tfjs`, 'tfjs', `${name}/index.ts`, bar, house),
  besides: "export * from './index.ts';",
});
/** What a page pays that imports these names from a package and nothing else. */
const imports = (names: string, bar: number, folder = 'core', name = names): Part => ({
  ...part(name, folder, 'index.ts', bar),
  code: `export { ${names} } from './index.ts';`,
});
/** No page pays it, and none of it may be prose. */
const everything = 'core, everything';
// The bars of core stand a few hundredths above what it measures: docs/decisions/0005-what-core-costs.md, 0008-what-an-unknown-option-costs.md,
// 0009-durations-in-code.md, 0012-values-that-have-not-changed.md.
const parts: readonly Part[] = [
  imports('cosineDecay, warmup', 3730),
  imports('createScheduler', 6900),
  imports('cosineDecay, createScheduler', 7950),
  imports('cosineDecay, warmup, createParser', 5820),
  imports('parsePlan', 13_900),
  imports('lint', 9600),
  imports('planResume', 9600),
  imports('sweep, suggestLearningRate', 4500),
  part(everything, 'core', 'index.ts', 26_100),
  // The design has no bar for it; this is today's size and a tenth.
  part('safetensors', 'safetensors', 'index.ts', 3000),
  part('chart', 'chart', 'index.ts', 3300),
  // With what it stands on: a page that shows figures pays for Plot or for uPlot.
  part('chart/plot', 'chart', 'plot/index.ts', 110_000),
  part('chart/live', 'chart', 'live/index.ts', 30_000),
  // docs/decisions/0011-what-fit-costs.md
  part('tfjs', 'tfjs', 'index.ts', 2950, house),
  room('ops', 4600),
  room('layers', 4700),
  room('training', 4100),
  // A few hundredths above what is measured: docs/decisions/0006-what-training-onnx-costs.md.
  imports(
    'gradients, reachable, lowerNodes, standardRules, standardLowerings',
    12_900,
    'onnx',
    'onnx: gradients, all rules',
  ),
  part('onnx, everything', 'onnx', 'index.ts', 36_400, house),
  part('onnxruntime-web', 'onnxruntime-web', 'index.ts', 14_500, house),
  {
    ...part('a page that trains with AdamW', 'onnxruntime-web', 'index.ts', 51_000),
    code: [
      "export { createTrainer } from './index.ts';",
      "export { adamW, softmaxCrossEntropy } from '@anneal/onnx';",
      "export { cosineDecay } from '@anneal/core';",
    ].join(''),
  },
  // Its registries, setup, loop and studies; no task, model, optimizer, backend or figure is loaded with it. Today's size and a tenth.
  part('lab, before anything is asked for', 'lab', 'index.ts', 14_900, house),
  // Both sides of it, standing alone: the page needs nothing else of the package. The design has no bar; this is today's 2.5 kB and a few hundredths.
  part('onnxruntime-web/worker', 'onnxruntime-web', 'worker/index.ts', 2650, house),
];

/** What a page loads at once: chunks that are imported when they are asked for are not in it. */
async function bundle(code: string, { entry, external }: Part): Promise<string> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: entry.slice(0, entry.indexOf('/src/') + 4) },
    bundle: true,
    minify: true,
    splitting: true,
    outdir: 'bundle',
    metafile: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@anneal/source'],
    external: [...external],
    write: false,
    logLevel: 'error',
  });
  const chunks = metafile.outputs;
  const loaded = (path: string): readonly string[] => [
    path,
    ...chunks[path]!.imports.flatMap((one) =>
      one.kind === 'import-statement' && one.external !== true ? loaded(one.path) : [],
    ),
  ];
  const [first] = Object.keys(chunks).filter((path) => chunks[path]!.entryPoint === '<stdin>');
  const texts = new Set(loaded(first!));
  return outputFiles
    .filter(({ path }) => [...texts].some((name) => path.endsWith(name)))
    .map(({ text }) => text)
    .join('');
}

/** Sentences of the definitions that a bundle holds. Shorter texts may be names of options as well. */
function proseIn(text: string): readonly string[] {
  const { definitions } = JSON.parse(readFileSync('packages/core/definitions.json', 'utf8')) as {
    readonly definitions: readonly DescribedDefinition[];
  };
  const prose = definitions.flatMap(({ summary, formula, source = [], parameters }) => [
    summary,
    formula,
    ...source,
    ...parameters.map((parameter) => parameter.prose),
  ]);
  return prose.filter((sentence) => sentence.length > 20 && text.includes(sentence));
}

const gzipped = (text: string): number => gzipSync(text, { level: 9 }).length;

let failed = false;
console.log(`${'part'.padEnd(36)}${'min'.padStart(9)}${'gzip'.padStart(9)}${'bar'.padStart(9)}`);
for (const one of parts) {
  if (!existsSync(one.entry)) {
    console.log(`${one.name.padEnd(36)}${'there is no such entry yet'.padStart(27)}`);
    continue;
  }
  const { besides = '' } = one;
  const text = await bundle(besides + one.code, one);
  const ground = besides === '' ? '' : await bundle(besides, one);
  const min = text.length - ground.length;
  const size = gzipped(text) - (ground === '' ? 0 : gzipped(ground));
  const above = size > one.bar;
  failed ||= above;
  const columns = [min, size, one.bar].map((bytes) => String(bytes).padStart(9)).join('');
  console.log(`${one.name.padEnd(36)}${columns}${above ? `  above the bar by ${size - one.bar}` : ''}`);
  if (one.name !== everything) continue;
  for (const sentence of proseIn(text)) {
    failed = true;
    console.log(`  prose reached the bundle: ${sentence}`);
  }
}
process.exitCode = failed ? 1 : 0;
