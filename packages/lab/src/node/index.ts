export type { Exported } from './workerMessages.ts';
export { workers, type WorkersExecutor, type WorkersOptions } from './workers.ts';
export { html } from '../report/html.ts';
export { EventFile, readEvents } from './eventFile.ts';
export { runTrain, type RunTrainOptions, type TrainRun } from './runTrain.ts';
export { StudyDirectory } from './studyDirectory.ts';
export { writeAtomically } from './writeAtomically.ts';
export { readOwnTask, type OwnFiles, type OwnTaskRead } from './readOwnTask.ts';
export { isTaskFile, readTaskFile } from './readTaskFile.ts';
