export * from './onnxError.ts';
export { readModel } from './codec/readModel.ts';
export type { ExternalData } from './codec/readTensor.ts';
export { writeModel } from './codec/writeModel.ts';
export {
  byteLength,
  float32,
  int64,
  isOtherFloat,
  sizeOf,
  type DataType,
  type Tensor,
  type TensorData,
} from './graph/tensor.ts';
export type { Attribute, Dim, Graph, GraphNode, Model, ValueInfo } from './graph/model.ts';
export { inspectModel, type ModelReport } from './graph/inspectModel.ts';
export { layerGroups, type LayerGroupsOptions, type LayerPattern } from './graph/layerGroups.ts';
export { replaceHead, type ReplaceHeadOptions } from './graph/replaceHead.ts';
export { parameterNames } from './graph/parameterNames.ts';
export { exporterWarnings } from './roles/exporterWarnings.ts';
export { initializerRoles, type InitializerRole } from './roles/initializerRoles.ts';
export { raiseOpset } from './graph/raiseOpset.ts';
export { toFloat32 } from './graph/toFloat32.ts';
export { specialize } from './graph/specialize.ts';
export { checkModel } from './graph/checkModel.ts';
export { defaultOpset, float, GraphBuilder, type AttributeInput } from './graph/graphBuilder.ts';
export type { NodeWriter } from './graph/arithmetic.ts';
export * from './layers/activations.ts';
export * from './layers/convolution.ts';
export * from './layers/dense.ts';
export * from './layers/dropout.ts';
export * from './layers/embedding.ts';
export * from './layers/initializers.ts';
export * from './layers/normalization.ts';
export * from './layers/pooling.ts';
export * from './layers/selfAttention.ts';
export type { Initializer, Weights } from './layers/weights.ts';
export type { WindowOptions } from './layers/windowOptions.ts';
export type { NodeContext } from './graph/nodeContext.ts';
export type { Shapes, ValueShape } from './graph/shapes.ts';
export type { GradientContext, GradientRule } from './gradients/gradientRule.ts';
export { gradients, reachable } from './gradients/gradients.ts';
export { isSumOfPowers } from './gradients/rules/roots.ts';
export { standardRules } from './gradients/standardRules.ts';
export { webgpuRules } from './gradients/webgpuRules.ts';
export { unbroadcast } from './gradients/unbroadcast.ts';
export { lowerNodes } from './lowering/lowerNodes.ts';
export type { Lowering, LoweringContext } from './lowering/lowering.ts';
export { standardLowerings } from './lowering/standardLowerings.ts';
export { valueAsLoss, type Loss } from './losses/loss.ts';
export { checkRequirements, labelRanges, type LabelRange, type LossRequirement } from './losses/requirement.ts';
export * from './losses/binaryCrossEntropy.ts';
export * from './losses/huber.ts';
export * from './losses/meanSquaredError.ts';
export * from './losses/softmaxCrossEntropy.ts';
export { checkSelector, selects } from './optimizers/optimizer.ts';
export type {
  CommonOptions,
  Optimizer,
  ParameterSelector,
  ScheduledHyperparameter,
  UpdateContext,
} from './optimizers/optimizer.ts';
export * from './optimizers/adam.ts';
export * from './optimizers/lion.ts';
export * from './optimizers/momentum.ts';
export * from './optimizers/rmsprop.ts';
export { sgd } from './optimizers/sgd.ts';
export { batchStatistics, type RunningStatistic } from './training/batchStatistics.ts';
export type { Clipping } from './training/clipping.ts';
export { dropoutMasks, withoutDropout, type Dropout, type DropoutMask } from './training/dropoutMasks.ts';
export { fillMask, masksFor } from './training/masks.ts';
export { inferenceMode } from './training/inferenceMode.ts';
export { ownStatistics } from './training/ownStatistics.ts';
export { parameterGroups } from './training/parameterGroups.ts';
export * from './training/stateVariable.ts';
export * from './training/trainingStep.ts';
