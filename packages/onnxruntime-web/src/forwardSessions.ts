import { GraphBuilder, type Model, type Shapes } from '@anneal/onnx';
import { bindInputs, feedTensors, shapesOf, signatureOf, type Batch, type Output } from './batch.ts';
import { asForward, withLoss, type Recipe } from './compile.ts';
import { Session, type Ort, type OrtData, type OrtTensor } from './ort.ts';
import { settled, type State } from './runners/runner.ts';
import { SessionCache } from './sessionCache.ts';

/** A session that runs the model forward, its trained parameters being inputs. */
interface Forward {
  readonly session: Session;
  /** What it reads of a batch. */
  readonly inputs: readonly string[];
  readonly loss?: string;
  release(): Promise<void>;
}

/** Runs a model forward with the parameters of a state; sessions are kept by the shape of what they read. */
export class ForwardSessions {
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #parameters: readonly string[];
  readonly #outputs: readonly string[];
  readonly #sessions: SessionCache<Forward>;

  constructor(ort: Ort, recipe: Recipe, parameters: readonly string[], limit: number) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.#parameters = parameters;
    this.#outputs = recipe.model.graph.outputs.map(({ name }) => name);
    this.#sessions = new SessionCache(limit);
  }

  async predict(inputs: Batch, state: State): Promise<Record<string, Output>> {
    const shapes = shapesOf(inputs);
    const forward = await this.#sessions.get(`predict ${signatureOf(shapes)}`, () => {
      const graph = new GraphBuilder(bindInputs(this.#recipe.model, shapes));
      return this.#open(asForward(graph, this.#parameters, this.#outputs));
    });
    return this.#run(forward, inputs, shapes, state);
  }

  async evaluate(batch: Batch, state: State): Promise<{ loss: number; outputs: Record<string, Output> }> {
    const shapes = shapesOf(batch);
    const forward = await this.#sessions.get(`evaluate ${signatureOf(shapes)}`, () => {
      const { graph, loss } = withLoss(this.#recipe, shapes);
      return this.#open(asForward(graph, this.#parameters, [...new Set([...this.#outputs, loss])]), loss);
    });
    const all = await this.#run(forward, batch, shapes, state);
    const loss = Number(all[forward.loss!]!.data[0]);
    return { loss, outputs: Object.fromEntries(this.#outputs.map((name) => [name, all[name]!])) };
  }

  release(): Promise<void> {
    return this.#sessions.clear();
  }

  async #open(model: Model, loss?: string): Promise<Forward> {
    const session = await Session.open(this.#ort, model, 'forward');
    const inputs = model.graph.inputs.map(({ name }) => name).filter((name) => !this.#parameters.includes(name));
    return { session, inputs, ...(loss !== undefined && { loss }), release: () => session.release() };
  }

  async #run(
    { session, inputs }: Forward,
    batch: Batch,
    shapes: Shapes,
    state: State,
  ): Promise<Record<string, Output>> {
    const feeds = feedTensors(this.#ort, batch, shapes, inputs);
    const tensors = await settled(this.#ort, state);
    for (const name of this.#parameters) feeds[name] = tensors.get(name) as OrtTensor;
    const outputs = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { type, dims, data }]) => [
        name,
        { type, dims, data: data as OrtData } as Output,
      ]),
    );
  }
}
