import type { CompiledStep } from '../compile.ts';
import { Session, tensorOf, type Ort, type OrtTensor } from '../ort.ts';
import { discard, type Chunk, type ChunkResult, type Runner, type State } from './runner.ts';

/** Runs a training step on WebGPU, where there is no `Scan`: one call per update, the state staying on the device from call to call. */
export class WebgpuRunner implements Runner {
  readonly step: CompiledStep;
  readonly #ort: Ort;
  readonly #session: Session;

  private constructor(ort: Ort, session: Session, step: CompiledStep) {
    this.#ort = ort;
    this.#session = session;
    this.step = step;
  }

  static async open(ort: Ort, step: CompiledStep): Promise<WebgpuRunner> {
    const session = await Session.open(ort, step.graph.model(), 'training', {
      executionProviders: ['webgpu'],
      preferredOutputLocation: Object.fromEntries(step.state.map(({ next }) => [next, 'gpu-buffer'])),
    });
    return new WebgpuRunner(ort, session, step);
  }

  async run(state: State, chunk: Chunk): Promise<ChunkResult> {
    const { step } = this;
    const losses: number[] = [];
    const applied = new Map(step.rates.map(({ group }) => [group, new Float32Array(chunk.steps)]));
    let current = state;
    for (let k = 0; k < chunk.steps && losses.every(Number.isFinite); k++) {
      const inputs: Record<string, OrtTensor> = Object.fromEntries(current);
      for (const [name, values] of chunk.scalars)
        inputs[name] = tensorOf(this.#ort, 'float32', values.slice(k, k + 1), []);
      for (const [key, { name, type, dims }] of step.inputs) {
        const data = chunk.feeds.get(key)!;
        const size = data.length / chunk.steps;
        inputs[name] = tensorOf(this.#ort, type, data.subarray(k * size, (k + 1) * size), dims as number[]);
      }
      const outputs = await this.#session.run(inputs);
      const number = (name: string): number => (outputs[name]!.data as Float32Array)[0]!;
      losses.push(number(step.loss));
      for (const { group, output } of step.rates) applied.get(group)![k] = number(output);
      if (current !== state) discard(current);
      current = new Map(step.state.map(({ name, next }) => [name, outputs[next]!]));
    }
    return { state: current, losses: Float32Array.from(losses), applied };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
