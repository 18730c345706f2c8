import type { Tensor } from '@anneal/onnx';
import { Builder } from 'flatbuffers';

/** FLOAT of TensorDataType in onnxruntime's ort.fbs. */
const float = 1;
/** What onnxruntime 1.19 reads. */
const version = 2;

/**
 * A checkpoint of onnxruntime's on-device training with parameters and nothing else, as `ort_training_checkpoint.fbs` lays it out:
 * Checkpoint { version, module_state: { requires_grad_params: [Tensor], frozen_params: [] } }, Tensor { name, doc_string, dims, data_type, raw_data }.
 */
export function checkpoint(parameters: ReadonlyMap<string, Tensor>): Uint8Array {
  const builder = new Builder(1024);
  const tensors = [...parameters].map(([text, { dims, data }]) => {
    const name = builder.createString(text);
    const bytes = builder.createByteVector(new Uint8Array((data as Float32Array).slice().buffer));
    builder.startVector(8, dims.length, 8);
    for (const dim of dims.toReversed()) builder.addInt64(BigInt(dim));
    const shape = builder.endVector();
    builder.startObject(7);
    builder.addFieldOffset(0, name, 0);
    builder.addFieldOffset(2, shape, 0);
    builder.addFieldInt32(3, float, 0);
    builder.addFieldOffset(4, bytes, 0);
    return builder.endObject();
  });
  builder.startVector(4, tensors.length, 4);
  for (const tensor of tensors.toReversed()) builder.addOffset(tensor);
  const trained = builder.endVector();
  builder.startVector(4, 0, 4);
  const frozen = builder.endVector();
  builder.startObject(4);
  builder.addFieldOffset(0, trained, 0);
  builder.addFieldOffset(1, frozen, 0);
  const moduleState = builder.endObject();
  builder.startObject(4);
  builder.addFieldInt32(0, version, 0);
  builder.addFieldOffset(1, moduleState, 0);
  builder.finish(builder.endObject(), 'ODTC');
  return builder.asUint8Array();
}
