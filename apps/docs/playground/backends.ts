/** The backends on which the playground trains, in the order in which they are shown. */
export const backendNames = ['tfjs-wasm', 'tfjs-webgl', 'onnxruntime-web-wasm'] as const;

export type Backend = (typeof backendNames)[number];

/** How each looks: curves that lie on each other stay visible by their widths. */
export interface BackendLook {
  /** The lab's name for it. */
  readonly learner: string;
  readonly label: string;
  readonly color: `--${string}`;
  readonly width: number;
}

export const backends: Readonly<Record<Backend, BackendLook>> = {
  'tfjs-wasm': { learner: 'tfjs', label: 'TensorFlow.js, wasm', color: '--anneal-tfjs-wasm', width: 7 },
  'tfjs-webgl': { learner: 'tfjs-webgl', label: 'TensorFlow.js, webgl', color: '--anneal-tfjs-webgl', width: 3.5 },
  'onnxruntime-web-wasm': {
    learner: 'onnxruntime-web',
    label: 'onnxruntime-web, wasm',
    color: '--anneal-ort-wasm',
    width: 1.5,
  },
};
