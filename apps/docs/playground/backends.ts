import type { LineMark } from '@anneal/chart';

/** The backends on which the playground trains, by their names in the lab, in the order in which they are shown. */
export const backendNames = ['tfjs-wasm', 'tfjs-webgl', 'onnxruntime-web-wasm'] as const;

export type Backend = (typeof backendNames)[number];

/** How each looks: curves that lie on each other stay visible by their styles. */
export interface BackendLook extends Pick<LineMark, 'style'> {
  readonly label: string;
  /** Which of the site's colours. */
  readonly color: number;
}

export const backends: Readonly<Record<Backend, BackendLook>> = {
  'tfjs-wasm': { label: 'TensorFlow.js, wasm', color: 0, style: 'broad' },
  'tfjs-webgl': { label: 'TensorFlow.js, webgl', color: 1 },
  'onnxruntime-web-wasm': { label: 'onnxruntime-web, wasm', color: 2, style: 'dashed' },
};

/** The colour of what no backend has done yet. */
export const planColor = 5;
