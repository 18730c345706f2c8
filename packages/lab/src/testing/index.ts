export { learnerContract, type LearnerLaw } from './learnerContract.ts';
export { smallTask } from './smallTask.ts';
