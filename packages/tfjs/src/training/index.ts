export { appliedValues, type AppliedGroup, type AppliedValues } from './appliedValues.ts';
export { loadTraining, saveTraining } from './saveTraining.ts';
export { snapshotTraining, type TrainingSnapshot } from './snapshotTraining.ts';
export type { ModelLike, Resumable, Training, VariableLike } from './makeup.ts';
export { trainingFromBytes, trainingToBytes } from './trainingBytes.ts';
