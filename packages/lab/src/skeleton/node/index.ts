export { EventFile, readEvents } from './eventFile.ts';
export { report } from './report/report.ts';
export { RunDirectory, type RunKey } from './runDirectory.ts';
export { trainRuns, type TrainedRuns, type TrainRunsOptions } from './trainRuns.ts';
