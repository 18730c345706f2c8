export { pythonLambda, type PythonLambdaOptions } from './pythonLambda.ts';
export { read, type TorchDescription } from './read.ts';
export { write } from './write.ts';
