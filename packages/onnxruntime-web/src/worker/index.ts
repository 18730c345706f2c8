export { connectTrainer, type TrainingWorker, type WorkerTrainer } from './connectTrainer.ts';
export { serveTrainer, type MakeTrainer, type WorkerScope } from './serveTrainer.ts';
