// Serves the built site as any static host would: `npm run docs`. `--isolate` sends the two headers under which pages
// may use shared memory; the site works with and without them. `--root` names another folder.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    isolate: { type: 'boolean', default: false },
    root: { type: 'string', default: fileURLToPath(new URL('../.vitepress/dist', import.meta.url)) },
  },
});
const port = Number(values.port);

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const files = sirv(values.root, { etag: true });

const server = createServer((request, response) => {
  if (values.isolate) for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
  files(request, response, () => {
    response.statusCode = 404;
    response.end('not found');
  });
});
server.on('error', (error) => {
  console.error(`cannot serve on port ${port}: ${error.message}; choose another with --port`);
  process.exitCode = 2;
});
server.listen(port, () => console.log(`anneal's site: http://localhost:${port}/ (Ctrl-C ends it)`));
