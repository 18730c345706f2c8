import { defineConfig } from 'vitepress';
import definitions from '../../../packages/core/definitions.json' with { type: 'json' };
import { scheduleFigures } from './scheduleFigures.ts';

const folders = { schedules: 'Schedules', combinators: 'Combinators', controllers: 'Controllers' } as const;

const sidebar = Object.entries(folders).map(([folder, text]) => ({
  text,
  items: definitions.definitions
    .filter((definition) => definition.folder === folder)
    .map(({ name }) => ({ text: name, link: `/schedules/${name}` })),
}));

// The packages' sources, as everywhere else in the repository; and the onnxruntime that takes its WebAssembly from
// where the page says, instead of carrying a second copy.
const conditions = [
  '@anneal/source',
  'onnxruntime-web-use-extern-wasm',
  'module',
  'browser',
  'development|production',
  'import',
  'default',
];

export default defineConfig({
  title: 'anneal',
  description: 'Learning-rate scheduling for JavaScript',
  base: process.env['DOCS_BASE'] ?? '/',
  cleanUrls: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env['DOCS_BASE'] ?? '/'}icon.svg` }]],
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Start', link: '/guide/start' },
      { text: 'In a page', link: '/guide/pages' },
      { text: 'Fine-tuning', link: '/guide/finetuning' },
      { text: 'Schedules', link: '/schedules/' },
      { text: 'Figures', link: '/guide/figures' },
    ],
    sidebar: { '/schedules/': [{ text: 'All of them', link: '/schedules/' }, ...sidebar] },
    search: { provider: 'local' },
    outline: 'deep',
  },
  markdown: { config: (markdown) => void markdown.use(scheduleFigures) },
  vite: {
    build: { target: 'es2022', chunkSizeWarningLimit: 2000 },
    resolve: { conditions },
    ssr: { noExternal: [/^@anneal\//], resolve: { conditions } },
    worker: { format: 'es' },
    optimizeDeps: { exclude: ['onnxruntime-web'] },
  },
});
