export * from '../skeleton/node/index.ts';
