import { Worker } from 'node:worker_threads';
import { ort } from '../ort.ts';
import { workerContract } from './contract.ts';

/** Node loads no TypeScript in a worker by itself. */
const open = (file: string): Worker => {
  const url = JSON.stringify(new URL(file, import.meta.url).href);
  const script = `import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); });`;
  return new Worker(script, { eval: true, execArgv: ['--conditions=@anneal/source'] });
};

workerContract(
  ort,
  () => open('./nodeWorker.ts'),
  () => open('./missing.ts'),
);
