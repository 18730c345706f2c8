export { cnn, type CnnOptions } from './cnn.ts';
export { mlp, type MlpOptions } from './mlp.ts';
export { recurrent, type RecurrentOptions } from './recurrent.ts';
export { transformer, type TransformerOptions } from './transformer.ts';
