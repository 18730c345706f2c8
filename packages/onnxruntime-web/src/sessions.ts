import { isOfModel, type Cohort, type Shapes } from '@anneal/onnx';
import { signatureOf } from './batch.ts';
import { compileStep, type CompiledStep, type Joining, type Recipe } from './compile.ts';
import { ForwardSessions } from './forwardSessions.ts';
import { checkRoom, outOfMemory } from './memory.ts';
import type { Ort } from './ort.ts';
import type { Runner } from './runners/runner.ts';
import { ScanRunner } from './runners/scanRunner.ts';
import { WebgpuRunner } from './runners/webgpuRunner.ts';
import { SessionCache } from './sessionCache.ts';

/** Sessions kept open per kind; a run needs one for whole batches and one for a short last batch. */
const maxSessions = 8;

/** The sessions that train a model and run it forward, opened as shapes of batches come, for one choice of what is trained. */
export class Sessions {
  /** The update for the first shape; that of every other has the same state. */
  readonly step: CompiledStep;
  readonly forward: ForwardSessions;
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #first: Runner;
  readonly #others = new SessionCache<Runner>(maxSessions);

  private constructor(ort: Ort, recipe: Recipe, first: Runner) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.#first = first;
    this.step = first.step;
    const values = this.step.state.filter(isOfModel).map(({ name }) => name);
    this.forward = new ForwardSessions(ort, recipe, values, this.step.labels, maxSessions);
  }

  /** Opens the sessions for the cohorts there are, and one more where a choice joins. */
  static async open(
    ort: Ort,
    recipe: Recipe,
    feeds: Shapes,
    before: readonly Cohort[],
    joining?: Joining,
  ): Promise<Sessions> {
    const step = await compileStep(ort, recipe, feeds, before, joining);
    return new Sessions(ort, recipe, await openRunner(ort, recipe, step));
  }

  /** Names of the trained parameters. */
  get parameters(): readonly string[] {
    return this.step.cohorts.flatMap(({ parameters }) => parameters);
  }

  async runnerFor(shapes: Shapes, signature: string): Promise<Runner> {
    if (signature === signatureOf(this.step.feeds)) return this.#first;
    return this.#others.get(signature, async () =>
      openRunner(this.#ort, this.#recipe, await compileStep(this.#ort, this.#recipe, shapes, this.step.cohorts)),
    );
  }

  async release(): Promise<void> {
    await this.#first.release();
    await this.#others.clear();
    await this.forward.release();
  }
}

async function openRunner(ort: Ort, { device }: Recipe, step: CompiledStep): Promise<Runner> {
  checkRoom(ort, step);
  const Runner = device === 'webgpu' ? WebgpuRunner : ScanRunner;
  return Runner.open(ort, step).catch((error: unknown) => outOfMemory(ort, step, error));
}
