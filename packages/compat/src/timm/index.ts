export { timmNoise, type TimmNoiseOptions } from './noise.ts';
export { read, type TimmDescription } from './read.ts';
export { write } from './write.ts';
