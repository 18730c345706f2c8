export * from '../skeleton/node/index.ts';
export { readOwnTask, type OwnFiles, type OwnTaskRead } from './readOwnTask.ts';
export { isTaskFile, readTaskFile } from './readTaskFile.ts';
