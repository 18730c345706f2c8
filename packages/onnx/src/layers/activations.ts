import type { GraphBuilder } from '../graph/graphBuilder.ts';

/** max(0, x) */
export const relu = (graph: GraphBuilder, x: string): string => graph.op('Relu', [x]);
/** tanh x */
export const tanh = (graph: GraphBuilder, x: string): string => graph.op('Tanh', [x]);
/** 1/(1 + e⁻ˣ) */
export const sigmoid = (graph: GraphBuilder, x: string): string => graph.op('Sigmoid', [x]);
/** eˣ/Σeˣ along the last axis */
export const softmax = (graph: GraphBuilder, x: string): string => graph.op('Softmax', [x], { axis: -1 });
