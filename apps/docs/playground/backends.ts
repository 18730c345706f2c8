import type { LineMark } from '@anneal/chart';

/** The backends on which the playground trains, in the order in which they are shown. */
export const backendNames = ['tfjs-wasm', 'tfjs-webgl', 'onnxruntime-web-wasm'] as const;

export type Backend = (typeof backendNames)[number];

/** How each looks: curves that lie on each other stay visible by their styles. */
export interface BackendLook extends Pick<LineMark, 'style'> {
  /** The lab's name for it. */
  readonly learner: string;
  readonly label: string;
  /** Which of the site's colours. */
  readonly color: number;
}

export const backends: Readonly<Record<Backend, BackendLook>> = {
  'tfjs-wasm': { learner: 'tfjs', label: 'TensorFlow.js, wasm', color: 0, style: 'broad' },
  'tfjs-webgl': { learner: 'tfjs-webgl', label: 'TensorFlow.js, webgl', color: 1 },
  'onnxruntime-web-wasm': { learner: 'onnxruntime-web', label: 'onnxruntime-web, wasm', color: 2, style: 'dashed' },
};

/** The colour of what no backend has done yet. */
export const planColor = 5;
