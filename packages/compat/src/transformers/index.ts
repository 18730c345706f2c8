export { read, type TransformersDescription } from './read.ts';
export { write } from './write.ts';
