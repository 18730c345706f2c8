export { accumulateGradients, type AccumulateOptions, type GradientAccumulation } from './accumulateGradients.ts';
export { clipByGlobalNorm } from './clipByGlobalNorm.ts';
export { clipByValue } from './clipByValue.ts';
export { decoupledWeightDecay, type VariableInfo, type WeightDecayOptions } from './decoupledWeightDecay.ts';
export { GroupedOptimizer, parameterGroups, type GroupMatch, type ParameterGroupsOptions } from './parameterGroups.ts';
export { recalibrateBatchNorm, type NormalizedModel } from './recalibrateBatchNorm.ts';
export { weightAverage, type WeightAverage, type WeightAverageOptions } from './weightAverage.ts';
