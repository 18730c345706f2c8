/**
 * Runs before each test file: seeds fast-check and Math.random. What another file has configured is forgotten, since
 * files may share a process: none changes how often the laws of another are tried.
 */
import * as fc from 'fast-check';
import { expect, inject } from 'vitest';

const seed = inject('seed');
fc.resetConfigureGlobal();
fc.configureGlobal({ seed });

// By the file's place in the repository: two pages that name something at random at the same time find different names.
const file = /(?:packages|apps|scripts)\/.*$/.exec(expect.getState().testPath ?? '')?.[0] ?? '';
let state = seed ^ 0x811c9dc5;
for (let i = 0; i < file.length; i++) state = Math.imul(state ^ file.charCodeAt(i), 0x01000193);

/** mulberry32. */
Math.random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
