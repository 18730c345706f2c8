import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packed, run, type Tarballs } from './tarballs.ts';

const program = 'tfjsNodeConsumer.ts';
// The types of tfjs-node itself: its optimizers and callbacks go where ours are asked for, and the other way round.
const types = `
import * as tf from '@tensorflow/tfjs-node';
import { bindOptimizer } from '@anneal/tfjs';
import { callbackList, learningRateCallback, reduceLROnPlateau } from '@anneal/tfjs/layers';
import { clipByGlobalNorm, recalibrateBatchNorm } from '@anneal/tfjs/ops';
import { saveTraining, trainingToBytes } from '@anneal/tfjs/training';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: tf.train.adam(0.1), loss: 'meanSquaredError' });
const binding = bindOptimizer(model.optimizer, 0.1, { hooks: [clipByGlobalNorm(1)] });
for (const optimizer of [tf.train.sgd(1), tf.train.momentum(1, 0.9), tf.train.adagrad(1), tf.train.adadelta(1), tf.train.adamax(1), tf.train.rmsprop(1)])
  bindOptimizer(optimizer, 0.1);
const callbacks = callbackList(learningRateCallback(binding), tf.node.tensorBoard('logs'), tf.callbacks.earlyStopping());
await model.fit(tf.ones([1, 1]), tf.ones([1, 1]), { callbacks });
await model.fit(tf.ones([1, 1]), tf.ones([1, 1]), { callbacks: reduceLROnPlateau(tf.train.sgd(1)) });
await saveTraining(tf.io.fileSystem('run'), { weights: model, binding });
await trainingToBytes({ weights: [tf.variable(tf.ones([1]))], binding });
recalibrateBatchNorm(model, [tf.ones([1, 1])]);
`;

let tarballs: Tarballs;
beforeAll(() => {
  tarballs = packed(['core', 'safetensors', 'tfjs']);
});
afterAll(() => rmSync(tarballs.folder, { recursive: true, force: true }));

describe.each([
  ['one copy', []],
  ['a copy of its own', ['@tensorflow/tfjs-core@4.21.0', '@tensorflow/tfjs-layers@4.21.0']],
])('@anneal/tfjs as it is published, with tfjs-node 4.22.0 and %s of tfjs-core', (copies, others) => {
  const project = mkdtempSync(join(tmpdir(), 'anneal-tfjs-node-'));
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  beforeAll(() => {
    writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
    writeFileSync(join(project, 'types.ts'), types);
    copyFileSync(join('packages/tfjs/test', program), join(project, program));
    const installed = ['@tensorflow/tfjs-node@4.22.0', '@types/node@20.19.43', ...others];
    // Without scripts: tfjs-node's own would download its native addon.
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts'];
    run('npm', ['install', ...flags, ...['core', 'safetensors', 'tfjs'].map(tarballs.of), ...installed], project);
  });

  test('compiles strictly, against the types of tfjs-node too', () => {
    const compilerOptions = {
      strict: true,
      target: 'es2022',
      types: ['node'],
      skipLibCheck: true, // the declarations of tfjs are not ours to check
      module: 'nodenext',
      outDir: 'out',
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [program, 'types.ts'] }));
    expect(run('pnpm', ['exec', 'tsc', '--project', project]).trim()).toBe('');
  });

  test('trains with every optimizer class, writes for TensorBoard, and resumes from a file bit for bit', () => {
    expect(run('node', [join('out', program.replace('.ts', '.js'))], project)).toContain(`passed with ${copies}\n`);
  });
});
