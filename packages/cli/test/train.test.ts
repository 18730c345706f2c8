import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parsePlan as parseAnyPlan } from '@anneal/compat';
import { parsePlan } from '@anneal/core';
import { decodeCheckpoint, type MetricsRow, type Summary } from '@anneal/lab';
import { readEvents } from '@anneal/lab/node';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { invoke } from './invoke.ts';
import { reportedCommand } from './reportedCommand.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'anneal-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The command, bundled so that it starts faster than its sources; it lies where the backends are installed. */
const programs = fileURLToPath(new URL('../../lab/.tsbuild/command', import.meta.url));
const program = join(programs, 'bin', 'main.js');
beforeAll(async () => {
  rmSync(programs, { recursive: true, force: true });
  await build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outdir: join(programs, 'bin'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@anneal/source'],
    external: ['@tensorflow/*', 'onnxruntime-web'],
    logLevel: 'error',
  });
  writeFileSync(join(programs, 'package.json'), '{ "type": "module", "version": "0.0.0" }');
});

/** 6 epochs of 33 steps on each backend; checkpoints in the middle of epochs. */
const words = (out: string, ...more: string[]): string[] =>
  'train --task digits --backend tfjs,onnxruntime-web --epochs 6 --optimizer adam --checkpoint-steps 20 --seed 3 --out'
    .split(' ')
    .concat(join(folder, out), more);
const stepsPerRun = 6 * 33;

/** Starts a process that trains, and sends it a signal as soon as its metrics have grown to so many lines. */
async function interrupted(
  signal: 'SIGKILL' | 'SIGINT',
  atLines: number,
  args: string[],
): Promise<{ code: number | null; signal: string | null; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const metrics = join(args[args.indexOf('--out') + 1]!, 'metrics.jsonl');
  const wanted = atLines * 160; // a line is about that long
  while (child.exitCode === null && !(existsSync(metrics) && statSync(metrics).size >= wanted))
    // Not sooner again: looking without a pause takes a core from the training that is waited for.
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  child.kill(signal);
  return { ...(await ended), err };
}

/** What has to be the same in two runs: the metrics, and every bit of the weights and of the optimizers' state. */
function kept(out: string): { metrics: string; learners: Record<string, string> } {
  const checkpoints = join(folder, out, 'checkpoints');
  const learners = readdirSync(checkpoints).map((name) => {
    const checkpoint = decodeCheckpoint(readFileSync(join(checkpoints, name)));
    if (checkpoint.state.result === undefined) throw new Error(`${name} has not ended`);
    return [name, Buffer.from(checkpoint.learner).toString('base64')] as const;
  });
  return { metrics: readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8'), learners: Object.fromEntries(learners) };
}

const events = (out: string): MetricsRow[] => readEvents<MetricsRow>(join(folder, out, 'metrics.jsonl'));
const stepsOf = (out: string) => events(out).flatMap((row) => (row.event === 'step' ? [row] : []));
const lines = (out: string): number => readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8').split('\n').length - 1;

describe('train', () => {
  beforeAll(async () => {
    const { code, err } = await invoke(words('whole'));
    if (code !== 0) throw new Error(err);
  });

  test('applies the plan’s rate, rounded to float32, at every step on both backends', () => {
    const { schedule } = JSON.parse(readFileSync(join(folder, 'whole/summary.json'), 'utf8')) as Summary;
    const plan = parsePlan(schedule, { totalSteps: stepsPerRun, stepsPerEpoch: 33 });
    const rate = plan.learningRate as (step: number) => number;
    const steps = stepsOf('whole');
    for (const backend of ['tfjs-wasm', 'onnxruntime-web-wasm']) {
      const applied = steps.filter((event) => event.backend === backend).map(({ values }) => values.learningRate);
      expect(applied).toEqual(Array.from({ length: stepsPerRun }, (_, step) => Math.fround(rate(step))));
    }
  });

  test('killed at three moments, one in the middle of an epoch, and resumed, it ends as if never killed', async () => {
    const out = 'killed';
    const first = await interrupted('SIGKILL', 50, words(out)); // in the second epoch on tfjs
    const afterFirst = lines(out);
    const second = await interrupted('SIGKILL', 130, words(out, '--resume')); // later on tfjs
    const afterSecond = lines(out);
    const third = await interrupted('SIGKILL', stepsPerRun + 45, words(out, '--resume')); // on onnxruntime-web
    expect([first.signal, second.signal, third.signal]).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
    expect([afterFirst, afterSecond, lines(out)].every((count, i, all) => count > (all[i - 1] ?? 0))).toBe(true);
    const { code, err } = await invoke(words(out, '--resume'));
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(kept(out)).toEqual(kept('whole'));
  });

  test('ends with 130 on Ctrl-C, keeps what was done, and goes on with --resume', async () => {
    const out = 'stopped';
    const { code, err } = await interrupted('SIGINT', 30, words(out));
    expect({ code, err }).toMatchObject({ code: 130 });
    expect(err).toMatch(
      /schedule on tfjs-wasm stopped after \d+ of 198 updates; what is done is kept in .*--resume goes on\n$/,
    );
    const [, step] = /stopped after (\d+)/.exec(err)!;
    const last = events(out).findLast(({ event }) => event === 'step');
    expect(last?.step).toBe(Number(step) - 1);
    const resumed = await invoke(words(out, '--resume'));
    expect(resumed).toMatchObject({ code: 0 });
    expect(kept(out)).toEqual(kept('whole'));
  });

  test('prints a table, the differences and the files, and writes them', async () => {
    const out = 'small';
    const command = ['train', '--epochs', '1', '--control', '--out', join(folder, out)];
    const first = await invoke(command);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/^schedule +tfjs-wasm +\d+\.\d % /m);
    expect(first.out).toMatch(/^control +onnxruntime-web-wasm +\d+\.\d % /m);
    expect(first.out).toMatch(
      /^schedule: between tfjs-wasm and onnxruntime-web-wasm\n  the applied rate differs by at most 0, the loss by at most \d/m,
    );
    expect(first.out).toContain(join(folder, out, 'report.html'));
    const prose = first.out.split('\n').filter((line) => !line.includes(folder));
    expect(Math.max(...prose.map(({ length }) => length))).toBeLessThanOrEqual(80);
    const page = readFileSync(join(folder, out, 'report.html'), 'utf8');
    expect(page.match(/<svg/g)).toHaveLength(8);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<link|url\(/);

    const again = await invoke([...command, '--json']);
    expect(again.err).toContain(`${join(folder, out)} holds a finished run, which this one replaces\n`);
    const summary = JSON.parse(again.out) as Summary;
    expect(summary).toEqual(JSON.parse(readFileSync(join(folder, out, 'summary.json'), 'utf8')));
    expect(summary.controlRate).toBeCloseTo(0.2, 3); // the peak lies between two steps
    expect(summary.runs.map(({ run, backend }) => `${run} ${backend}`)).toEqual([
      'schedule tfjs-wasm',
      'schedule onnxruntime-web-wasm',
      'control tfjs-wasm',
      'control onnxruntime-web-wasm',
    ]);
    const nothingLeft = await invoke([...command, '--resume', '--json']);
    expect(JSON.parse(nothingLeft.out)).toEqual(summary);
    const other = await invoke([...command, '--resume', '--seed', '2']);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain('was begun with seed 1, here it is 2');
  });

  test('goes on with a longer run, and says how to meet a rate that would jump', async () => {
    const command = ['train', '--backend', 'onnxruntime-web', '--out', join(folder, 'longer')];
    expect(await invoke([...command, '--epochs', '1'])).toMatchObject({ code: 0 });
    const refused = await invoke([...command, '--epochs', '2', '--resume']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('learningRate would jump from 0 to');
    const copy = join(folder, 'longer-again');
    cpSync(join(folder, 'longer'), copy, { recursive: true });
    const ended = join(copy, 'checkpoints', readdirSync(join(copy, 'checkpoints'))[0]!);
    const cooled = await invoke(['train', '--branch-from', ended, '--cooldown', '5', '--out', join(folder, 'cold')]);
    expect(cooled).toMatchObject({
      code: 2,
      err: expect.stringContaining('the learning rate is 0 already after the 33'),
    });
    const led = [...command, '--epochs', '2', '--resume', '--on-jump', 'rewarm', '--rewarm-steps', '10'];
    expect(await invoke(led)).toMatchObject({ code: 0 });
    const rates = stepsOf('longer').map(({ values }) => values.learningRate);
    expect(rates).toHaveLength(66);
    // From the end of the first schedule, 0, to the second: at first it is there, after ten updates it has led over.
    const long = parsePlan(
      (JSON.parse(readFileSync(join(folder, 'longer/summary.json'), 'utf8')) as Summary).schedule,
      {
        totalSteps: 66,
      },
    ).learningRate as (step: number) => number;
    expect(rates[33]).toBe(0);
    expect(rates.slice(43)).toEqual(Array.from({ length: 23 }, (_, i) => Math.fround(long(43 + i))));
    // The command in the report goes on in the same way from the same run.
    expect(await invoke([...reportedCommand(join(folder, 'longer')), '--out', copy])).toMatchObject({ code: 0 });
    expect(events('longer-again')).toEqual(events('longer'));
    // Nothing is left to do, and it says the same.
    expect(await invoke(led)).toMatchObject({ code: 0 });
    expect(stepsOf('longer')).toHaveLength(66);
  });

  test('anneals a copy of a checkpoint, which stays as it is', async () => {
    const constant = '{"type":"constant","value":0.1}';
    const trunk = ['train', '--backend', 'onnxruntime-web', '--epochs', '1', '--schedule', constant];
    expect(await invoke([...trunk, '--out', join(folder, 'trunk')])).toMatchObject({ code: 0 });
    const checkpoints = join(folder, 'trunk', 'checkpoints');
    const [name] = readdirSync(checkpoints);
    const before = readFileSync(join(checkpoints, name!));
    const branch = [
      'train',
      '--branch-from',
      join(checkpoints, name!),
      '--cooldown',
      '10',
      '--out',
      join(folder, 'branch'),
    ];
    expect(await invoke(branch)).toMatchObject({ code: 0 });
    const steps = stepsOf('branch');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 10 }, (_, i) => 33 + i));
    steps.forEach(({ values }, i) => expect(values.learningRate).toBeCloseTo(0.1 * (1 - i / 10), 7));
    expect(readFileSync(join(checkpoints, name!)).equals(before)).toBe(true);
    expect((await invoke([...branch, '--task', 'text'])).err).toContain(
      'it was trained on the task digits; received text',
    );
    const longer = [...trunk.slice(0, 3), '--epochs', '3', '--schedule', constant, '--resume'];
    expect(await invoke([...longer, '--out', join(folder, 'branch')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('a cool-down ends where its rate is 0, and cannot be made longer'),
    });
    const branchAgain = join(folder, 'branch-again');
    expect(await invoke([...reportedCommand(join(folder, 'branch')), '--out', branchAgain])).toMatchObject({ code: 0 });
    expect(events('branch-again')).toEqual(events('branch'));
    const again = await invoke([...branch, '--resume', '--json']);
    expect((JSON.parse(again.out) as Summary).runs[0]).toMatchObject({ steps: 43, stopped: null });
  });

  test('takes accumulation, averages, intervals, settings of the optimizer and which weights to test', async () => {
    const words =
      '--epochs 1 --accumulate 2 --average 0.9 --validate-every 5 --keep best --set momentum=0.5 --on-divergence rollback';
    const out = join(folder, 'all');
    const trained = await invoke(['train', '--backend', 'tfjs', '--out', out, '--json', ...words.split(' ')]);
    expect(trained).toMatchObject({ code: 0 });
    const summary = JSON.parse(trained.out) as Summary;
    expect(summary).toMatchObject({
      totalSteps: 16,
      accumulate: 2,
      average: { decay: 0.9 },
      validateEvery: 5,
      keep: 'best',
      optimizer: 'momentum',
      optimizerSettings: { momentum: 0.5 },
      onDivergence: 'rollback',
    });
    const looks = events('all').flatMap((row) => (row.event === 'evaluation' ? [row.step] : []));
    expect(looks).toEqual([0, 5, 10, 15, 16, 16]);
    // The command in the report makes the same again.
    const again = join(folder, 'all-again');
    expect(await invoke([...reportedCommand(out), '--out', again])).toMatchObject({ code: 0 });
    expect(readFileSync(join(again, 'metrics.jsonl'))).toEqual(readFileSync(join(out, 'metrics.jsonl')));
  });

  test('the command in the report holds groups and several settings of the optimizer', async () => {
    const out = join(folder, 'groups');
    const plan = '{"learningRate":0.01,"groups":{"head":{"learningRate":0.002}}}';
    const settings = ['--optimizer', 'adam', '--set', 'beta1=0.8,beta2=0.9'];
    const groups = ['--groups', `{"head":"^dense2[.]weight$|one's own"}`];
    const words = [
      'train',
      '--backend',
      'onnxruntime-web',
      '--epochs',
      '1',
      '--schedule',
      plan,
      ...settings,
      ...groups,
    ];
    expect(await invoke([...words, '--out', out])).toMatchObject({ code: 0 });
    const again = join(folder, 'groups-again');
    expect(await invoke([...reportedCommand(out), '--out', again])).toMatchObject({ code: 0 });
    expect(readFileSync(join(again, 'run.json'))).toEqual(readFileSync(join(out, 'run.json')));
    expect(readFileSync(join(again, 'metrics.jsonl'))).toEqual(readFileSync(join(out, 'metrics.jsonl')));
  });

  test('goes back from a loss that is not finite, and says so', async () => {
    // One update at a rate that blows the network up at first.
    const spike = '{"type":"piecewiseConstant","values":[0.1,1e25,0.1],"boundaries":[20,21]}';
    const out = ['--out', join(folder, 'back'), '--on-divergence', 'rollback', '--validate-every', '10'];
    const {
      code,
      err,
      out: table,
    } = await invoke(['train', '--backend', 'onnxruntime-web', '--epochs', '1', '--schedule', spike, ...out]);
    expect({ code, table }).toMatchObject({ code: 0 });
    expect(err).toMatch(/the loss at step \d+ is not finite; back to step 20 at 0.5 times the rate/);
    expect(table).toContain('diverged');
  });

  test('takes the schedules that only a framework has, such as timm’s noise', async () => {
    const schedule = { type: 'timmNoise', schedule: 0.1, fromSteps: 10 };
    const command = ['train', '--backend', 'onnxruntime-web', '--epochs', '1', '--out', join(folder, 'noisy')];
    const trained = await invoke([...command, '--schedule', JSON.stringify(schedule)]);
    expect(trained).toMatchObject({ code: 0 });
    const rateAt = parseAnyPlan(schedule).learningRate as (step: number) => number;
    const steps = stepsOf('noisy');
    const applied = steps.map(({ values }) => values.learningRate);
    expect(applied).toEqual(steps.map((_, step) => Math.fround(rateAt(step))));
    expect(new Set(applied).size).toBeGreaterThan(10);
  });
});

test('a backend that is not installed is one sentence with the command that installs it', () => {
  // The same program in a folder from which nothing can be imported.
  const elsewhere = join(folder, 'elsewhere');
  cpSync(programs, elsewhere, { recursive: true });
  for (const [backend, missing, packages] of [
    [
      'tfjs',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
    ],
    ['onnxruntime-web', 'onnxruntime-web', 'onnxruntime-web@1.30.0'],
  ] as const) {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(elsewhere, 'bin', 'main.js'), 'train', '--backend', backend, '--out', join(folder, 'missing')],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `anneal: the backend ${backend}-wasm needs ${missing}: npm install ${packages}\n`,
    });
  }
});

describe('a mistake is one sentence and exit code 2, before any training', () => {
  const blocked = join(folder, 'a file');
  writeFileSync(blocked, '');
  test.each([
    [['--task', 'mnist'], 'unknown task "mnist"; known: cartpole, digits, digits-noisy, mnist-cnn, '],
    [['--backend', 'tfjs,torch'], 'unknown backend "torch"; known: onnxruntime-web-wasm, tfjs-wasm, '],
    [['--backend', 'tfjs,tfjs-wasm'], 'backends must differ; received tfjs-wasm twice: tfjs, tfjs-wasm'],
    [['--set', 'beta1=0.8', '--set=beta2=0.9'], '--set is given twice'],
    [['--backend', 'tfjs-webgl'], 'tfjs: the device webgl cannot be used here'],
    [['--optimizer', 'lion'], 'unknown optimizer "lion"; known: adam, adamW, momentum, rmsprop, sgd'],
    [['--epochs', '0'], '--epochs must be an integer from 1 to 10000000; received "0"'],
    [['--batch-size', '5000'], 'batchSize must be an integer from 1 to the 1078 training examples; received 5000'],
    [['--out', blocked], `the output folder ${blocked} cannot be written (ENOTDIR)`],
    [['--out', '/proc/nowhere'], 'the output folder /proc/nowhere cannot be written ('],
    [['--resume'], 'there is nothing to resume in '],
    [['--schedule', 'none.json'], 'none.json: there is no such file'],
    [
      ['--schedule', '{"type":"cosineDecay","initValue":1,"decaySteps":0}'],
      'cosineDecay: decaySteps must be a number > 0',
    ],
    [
      ['--schedule', '{"type":"constant","value":1}', '--learning-rate', '1'],
      '--learning-rate is the peak of the default schedule',
    ],
    [
      ['--schedule', '{"learningRate":1,"momentum":0.9}', '--optimizer', 'sgd'],
      'bindOptimizer: SGD has no momentum, which the plan drives',
    ],
    [['--control-rate', '1'], '--control-rate needs --control'],
    [['--set', 'beta1'], '--set must be such as beta1=0.8,epsilon=1e-8; received "beta1"'],
    [['--set', 'beta3=1'], 'momentum: unknown option "beta3"'],
    [['--set', 'momentum=1'], 'momentum: momentum must be a number in [0, 1); received 1'],
    [['--validate-every', 'often'], 'validateEvery must be a whole number of updates > 0, or such as "1ep" or "10%"'],
    [['--keep', 'all'], '--keep must be best or last; received "all"'],
    [['--average', '1'], '--average must be mean, or a number in [0, 1); received "1"'],
    [['--accumulate', '40'], 'accumulate must be an integer from 1 to the 33 batches of an epoch; received 40'],
    [['--on-divergence', 'pray'], '--on-divergence must be stop or rollback; received "pray"'],
    [['--on-jump', 'keep'], '--on-jump needs --resume'],
    [['--resume', '--on-jump', 'rewarm'], '--on-jump rewarm and --rewarm-steps need each other'],
    [['--cooldown', '5'], '--branch-from and --cooldown need each other'],
    [['--branch-from', 'none', '--cooldown', '5'], 'none: there is no such file'],
    [
      ['--branch-from', 'none', '--cooldown', '5', '--seed', '2', '--patience', '3', '--backend', 'tfjs'],
      'leave out --backend, --seed, --patience',
    ],
    [
      [
        '--patience',
        '3',
        '--schedule',
        '{"learningRate":{"schedule":0.1,"controllers":{"p":{"use":{"type":"reduceOnPlateau","monitor":"val_loss","patience":5}}}}}',
      ],
      'patience must be larger than the validations without improvement after which the controller learningRate/p acts',
    ],
  ])('%j', async (more, sentence) => {
    const out = more.includes('--out') ? [] : ['--out', join(folder, 'never')];
    const { code, out: printed, err } = await invoke(['train', ...out, ...more]);
    expect([code, printed]).toEqual([2, '']);
    expect(err).toMatch(/^anneal: /);
    expect(err).toContain(sentence);
    expect(err.trimEnd()).not.toContain('\n');
    expect(existsSync(join(folder, 'never', 'metrics.jsonl'))).toBe(false);
  });
});
