// Runs a task of the repository with the pinned pnpm, whether pnpm is installed or not:
// `npm start` and `npm test` are enough on a machine with Node and npm.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

const build = ['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'];
const buildDocs = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];

const reporters = ['--reporter=default', '--reporter=./scripts/closing-line.ts'];

/** Each task: the pnpm commands that it runs after the install, in order. What stands on the command line joins the last one. */
const tasks = {
  start: [
    build,
    [
      'exec',
      'node',
      'packages/cli/dist/main.js',
      'train',
      '--task',
      'digits',
      '--backend',
      'tfjs,onnxruntime-web',
      '--control',
      '--out',
      'runs/digits',
    ],
  ],
  test: [
    ['run', 'generate', '--check'],
    ['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'],
    ['exec', 'tsc', '-p', 'scripts/tsconfig.json'],
    ['run', 'lint'],
    build,
    ['exec', 'vitest', 'run', ...reporters],
  ],
  soak: [
    ['exec', 'tsx', '--conditions=@anneal/source', 'packages/core/soak/specs.ts'],
    ['exec', 'tsx', '--conditions=@anneal/source', 'packages/compat/soak/descriptions.ts'],
    ['exec', 'tsx', '--conditions=@anneal/source', 'packages/tfjs/soak/main.ts'],
    ['exec', 'vitest', 'run', '--project', 'core', '--project', 'compat', 'laws', 'Laws', 'schema', 'hostile'],
    ['exec', 'vitest', 'run', '--project', 'onnx', 'packages/onnx/src/hostile.test.ts'],
    ['exec', 'vitest', 'run', '--project', 'safetensors', 'packages/safetensors/test/hostile.test.ts'],
  ],
  // Paths from the packages' own folders.
  tarballs: [build, ['--recursive', '--filter=./packages/*', 'pack', '--pack-destination', resolve('tarballs')]],
  docs: [buildDocs, ['--filter', '@anneal/docs', 'run', 'serve']],
  check: [
    buildDocs,
    ['exec', 'vitest', 'run', '.heavy.', ...reporters],
    ['exec', 'vitest', 'run', '--config', 'packages/tfjs/test/chromium/vitest.config.ts', ...reporters],
    ['run', 'size'],
    ['exec', 'vitest', 'run', '--config', 'scripts/check/vitest.config.ts', ...reporters],
  ],
};

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: this repository needs Node ${manifest.engines.node}.`);
  process.exit(1);
}
const [name, ...rest] = process.argv.slice(2);
const commands = tasks[name];
if (commands === undefined) {
  console.error(`unknown task ${name}; known: ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}

const insidePnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/');
const [program, ...prefix] = insidePnpm ? ['pnpm'] : ['npx', '--yes', manifest.packageManager];
const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  // The tests left out of a normal run.
  ...(name === 'check' && { HEAVY: '1' }),
  // What npm test draws from a fixed seed is drawn anew; each part of a soak says its seed.
  ...(name === 'soak' && { TEST_SEED: process.env.TEST_SEED ?? String(Math.floor(Math.random() * 2 ** 31)) }),
  // How many tampered models the hostile-input test makes; a normal test run makes fewer.
  ...(name === 'soak' && { HOSTILE_RUNS: '100000' }),
};

// Ctrl-C reaches the whole process group: the child decides how it ends, and this process passes its exit code on.
process.on('SIGINT', () => {});

function run(args) {
  const { status, signal } = spawnSync(program, [...prefix, ...args], {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

run(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn']);
commands.forEach((command, index) => run(index === commands.length - 1 ? [...command, ...rest] : command));
