import { sizeOf } from '@anneal/onnx';
import type { CompiledStep } from '../compile.ts';
import { memoryOptions } from '../memory.ts';
import { Session, tensorOf, type Ort, type OrtTensor } from '../ort.ts';
import type { Chunk, ChunkResult, Runner, State } from './runner.ts';
import { outer, scanModel } from './scanModel.ts';

/** Runs a training step over chunks of batches of one shape. */
export class ScanRunner implements Runner {
  readonly step: CompiledStep;
  readonly #ort: Ort;
  readonly #session: Session;

  private constructor(ort: Ort, session: Session, step: CompiledStep) {
    this.#ort = ort;
    this.#session = session;
    this.step = step;
  }

  static async open(ort: Ort, step: CompiledStep): Promise<ScanRunner> {
    return new ScanRunner(ort, await Session.open(ort, scanModel(step), 'training', memoryOptions(step.bytes)), step);
  }

  /** The given state is left as it is. Outputs are never pre-allocated: onnxruntime-web does not write into such. */
  async run(state: State, chunk: Chunk): Promise<ChunkResult> {
    const { step } = this;
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, tensor] of state) inputs[outer(name)] = tensor;
    for (const [name, data] of chunk.scalars) inputs[outer(name)] = tensorOf(this.#ort, 'float32', data, [chunk.steps]);
    for (const [key, { name, type, dims }] of step.inputs) {
      const data = chunk.feeds.get(key)!;
      const batch = dims.filter((dim) => typeof dim === 'number');
      // With an axis of micro-batches between the steps and the batch, its length is what remains.
      const front = batch.length === dims.length ? [] : [data.length / chunk.steps / sizeOf(batch)];
      inputs[outer(name)] = tensorOf(this.#ort, type, data, [chunk.steps, ...front, ...batch]);
    }
    const outputs = await this.#session.run(inputs);
    const take = (name: string): OrtTensor => outputs[outer(name)] as OrtTensor;
    return {
      state: new Map(step.state.map(({ name, next }) => [name, take(next)])),
      losses: take(step.loss).data as Float32Array,
      applied: new Map(step.rates.map(({ group, output }) => [group, take(output).data as Float32Array])),
    };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
