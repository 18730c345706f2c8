import {
  checkRequirements,
  GraphBuilder,
  type LabelRange,
  type LossRequirement,
  type Model,
  type Shapes,
} from '@anneal/onnx';
import { bindInputs, feedTensors, shapesOf, signatureOf, type Batch, type Output } from './batch.ts';
import { asForward, explained, withLoss, type Recipe } from './compile.ts';
import { checkLabels } from './labels.ts';
import { Session, type Ort, type OrtData, type OrtTensor } from './ort.ts';
import type { State } from './runners/runner.ts';
import { SessionCache } from './sessionCache.ts';

/** A session that runs the model forward, what training changes being inputs. */
interface Forward {
  readonly session: Session;
  /** What it reads of a batch. */
  readonly inputs: readonly string[];
  readonly loss?: string;
  readonly requirements?: readonly LossRequirement[];
  release(): Promise<void>;
}

/** Runs a model forward with given weights; sessions are kept by the shape of what they read. */
export class ForwardSessions {
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #weights: readonly string[];
  readonly #labels: readonly LabelRange[];
  readonly #outputs: readonly string[];
  readonly #sessions: SessionCache<Forward>;

  /**
   * @param weights names of the values that training changes
   * @param labels the inputs that hold class numbers
   */
  constructor(ort: Ort, recipe: Recipe, weights: readonly string[], labels: readonly LabelRange[], limit: number) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.#weights = weights;
    this.#labels = labels;
    this.#outputs = recipe.model.graph.outputs.map(({ name }) => name);
    this.#sessions = new SessionCache(limit);
  }

  async predict(inputs: Batch, weights: State): Promise<Record<string, Output>> {
    const shapes = shapesOf(inputs);
    const forward = await this.#sessions.get(`predict ${signatureOf(shapes)}`, () => {
      const graph = new GraphBuilder(bindInputs(this.#recipe.model, shapes));
      return this.#open(asForward(graph, this.#weights, this.#outputs));
    });
    return this.#run(forward, inputs, shapes, weights);
  }

  async evaluate(batch: Batch, weights: State): Promise<{ loss: number; outputs: Record<string, Output> }> {
    const shapes = shapesOf(batch);
    checkLabels(this.#labels, batch);
    const forward = await this.#sessions.get(`evaluate ${signatureOf(shapes)}`, async () => {
      const { graph, loss } = withLoss(this.#recipe, shapes);
      const requirements = graph.requirements.filter(({ value }) => graph.inputs.every(({ name }) => name !== value));
      const outputs = new Set([...this.#outputs, loss, ...requirements.map(({ value }) => value)]);
      const opened = await this.#open(asForward(graph, this.#weights, [...outputs]), loss).catch((error: unknown) =>
        explained(this.#ort, this.#recipe, shapes, error),
      );
      return { ...opened, requirements };
    });
    const all = await this.#run(forward, batch, shapes, weights);
    checkRequirements(forward.requirements!, new Map([...shapes, ...Object.entries(all)]));
    const loss = Number(all[forward.loss!]!.data[0]);
    return { loss, outputs: Object.fromEntries(this.#outputs.map((name) => [name, all[name]!])) };
  }

  release(): Promise<void> {
    return this.#sessions.clear();
  }

  async #open(model: Model, loss?: string): Promise<Forward> {
    const session = await Session.open(this.#ort, model, 'forward');
    const inputs = model.graph.inputs.map(({ name }) => name).filter((name) => !this.#weights.includes(name));
    return { session, inputs, ...(loss !== undefined && { loss }), release: () => session.release() };
  }

  async #run(
    { session, inputs }: Forward,
    batch: Batch,
    shapes: Shapes,
    weights: State,
  ): Promise<Record<string, Output>> {
    const feeds = feedTensors(this.#ort, batch, shapes, inputs);
    for (const name of this.#weights) feeds[name] = weights.get(name) as OrtTensor;
    const outputs = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { type, dims, data }]) => [
        name,
        { type, dims, data: data as OrtData } as Output,
      ]),
    );
  }
}
