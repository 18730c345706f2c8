import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tfjs } from './operators/operator.ts';
import { roundTo, type HostValue } from './operators/value.ts';

/** Brings values of the host to the device. */
export interface Uploads {
  /** Kept there until {@link dispose}: for what is the same in every batch. */
  keep(value: HostValue, refuse: (what: string) => never): Tensor;
  once(value: HostValue, refuse: (what: string) => never): Tensor;
  dispose(): void;
}

export function uploadTo(tf: Tfjs): Uploads {
  const kept = new Map<HostValue, Tensor>();
  return {
    keep(value, refuse) {
      const known = kept.get(value);
      if (known !== undefined) return known;
      const tensor = tf.keep(onDevice(tf, value, refuse));
      kept.set(value, tensor);
      return tensor;
    },
    once: (value, refuse) => onDevice(tf, value, refuse),
    dispose() {
      for (const tensor of kept.values()) tensor.dispose();
      kept.clear();
    },
  };
}

function onDevice(tf: Tfjs, { type, dims, data }: HostValue, refuse: (what: string) => never): Tensor {
  const shape = [...dims];
  if (type === 'float32')
    return tf.tensor(data instanceof Float32Array ? data : Float32Array.from(data), shape, 'float32');
  if (type === 'bool') return tf.tensor(Uint8Array.from(data), shape, 'bool');
  if (type === 'float64' || type === 'uint64') return refuse(`on ${type}; TensorFlow.js has float32 and int32`);
  const beyond = data.find((x) => Number.isNaN(roundTo('int32', x)));
  if (beyond !== undefined) return refuse(`on the whole number ${beyond}; TensorFlow.js has int32 alone`);
  return tf.tensor(Int32Array.from(data), shape, 'int32');
}
