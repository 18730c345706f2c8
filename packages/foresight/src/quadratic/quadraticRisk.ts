import { mustBe, type LateSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { amount, perItem, rates } from '../rates/rates.ts';

/** Where the noise of a gradient comes from, for one example. */
export type GradientNoise =
  /** Added to the gradient along each eigenvector, of this variance, wherever the weights are. */
  | { readonly type: 'additive'; readonly variance: number | readonly number[] }
  /**
   * From sampling examples of a linear regression: Gaussian inputs whose covariance has the spectrum, labels with noise of
   * this variance. It grows with the distance from the minimum.
   */
  | { readonly type: 'leastSquares'; readonly labelVariance: number };

export interface QuadraticOptions {
  /** Updates in the run. */
  readonly steps: number;
  /** The eigenvalues λ_i of the Hessian, > 0. */
  readonly spectrum: readonly number[];
  /** Default: additive with variance λ_i, as if labels of unit noise were fitted. */
  readonly noise?: GradientNoise;
  /** Examples in a batch, by which the noise's variance is divided; default 1. */
  readonly batchSize?: number;
  /** Factor μ of heavy-ball momentum (v ← μv + g, x ← x − ηv) in [0, 1); a schedule may drive it; default 0. */
  readonly momentum?: LateSchedule;
  /** Second moments E[x_i²] before the first update, one for each eigenvalue or one for all; default 1. */
  readonly initialMoments?: number | readonly number[];
}

export interface QuadraticRisk {
  /** E[f] before update t at index t, and after the last at index `steps`. */
  readonly risk: Float64Array;
  /** E[x_i²] after the last update. */
  readonly moments: Float64Array;
}

/** A problem, checked. */
export interface Quadratic {
  readonly steps: number;
  readonly spectrum: Float64Array;
  /** Variance of the gradient's noise along each eigenvector that does not depend on the weights, of one batch. */
  readonly floor: Float64Array;
  /** Examples in a batch where the noise is that of least squares, else Infinity: then it does not grow. */
  readonly sampled: number;
  readonly momenta: Float64Array | undefined;
  readonly initial: Float64Array;
}

/**
 * The exact expected loss of stochastic gradient descent on a noisy quadratic, step by step.
 *
 * f(x) = ½ Σ λ_i x_i² along the eigenvectors of the Hessian; an update sees g = λ_i x_i + ξ_i. The second moments
 * m = E[x²], c = E[xv], p = E[v²] of each direction follow a linear recursion, so no sampling is needed: with a = 1 − ηλ
 *
 *     m ← a²m − 2aημc + η²(μ²p + n),   c ← aλm + μ(a − ηλ)c − η(μ²p + n),   p ← μ²p + 2μλc + λ²m + n
 *
 * where n = σ_i²/B for additive noise and n = (λ²m + λ Σ λ_j m_j + σ²λ)/B for least squares with Gaussian inputs. A
 * caricature of a network: it shows what noise, curvature and a schedule do to each other, and nothing else.
 *
 * Rates too large for a direction make its moment grow without bound; what is past the largest double is Infinity.
 *
 * @source Zhang, Li, Nado, Martens, Sachdeva, Dahl, Shallue, Grosse 2019, Which Algorithmic Choices Matter at Which Batch
 *   Sizes?, arXiv 1907.04164, section 3 (additive); the fourth moments of Gaussian inputs for least squares.
 *
 * @example
 * const { risk } = quadraticRisk(0.5, { steps: 2, spectrum: [1], noise: { type: 'additive', variance: 0 } });
 * Array.from(risk); // [0.5, 0.125, 0.03125]
 */
export function quadraticRisk(schedule: LateSchedule, options: QuadraticOptions): QuadraticRisk {
  const known = ['steps', 'spectrum', 'noise', 'batchSize', 'momentum', 'initialMoments'];
  checkKeys('quadraticRisk', known, options);
  const problem = readQuadratic('quadraticRisk', options);
  return riskOf(rates('quadraticRisk', schedule, problem.steps), problem);
}

/** The recursion over given rates. */
export function riskOf(etas: Float64Array, problem: Quadratic): QuadraticRisk {
  const { spectrum, floor, sampled, momenta, initial } = problem;
  const count = spectrum.length;
  const m = initial.slice();
  const c = new Float64Array(count);
  const p = new Float64Array(count);
  const risk = new Float64Array(etas.length + 1);
  let trace = 0;
  for (let i = 0; i < count; i += 1) trace += spectrum[i]! * m[i]!;
  risk[0] = trace / 2;
  for (let t = 0; t < etas.length; t += 1) {
    const eta = etas[t]!;
    const mu = momenta === undefined ? 0 : momenta[t]!;
    let next = 0;
    for (let i = 0; i < count; i += 1) {
      const lambda = spectrum[i]!;
      const moment = m[i]!;
      const cross = c[i]!;
      const speed = mu * mu * p[i]!;
      const pull = lambda * lambda * moment;
      const n = floor[i]! + (pull + lambda * trace) / sampled;
      // In this form, and not by subtracting from the moment, an update that all but reaches the minimum loses no digits.
      const a = 1 - eta * lambda;
      m[i] = Math.max(0, a * a * moment - 2 * a * eta * mu * cross + eta * eta * (speed + n));
      c[i] = a * lambda * moment + mu * (a - eta * lambda) * cross - eta * (speed + n);
      p[i] = speed + 2 * mu * lambda * cross + pull + n;
      next += lambda * m[i]!;
    }
    if (!(next < Infinity)) {
      // What is past the largest double does not come back: its digits are lost.
      risk.fill(Infinity, t + 1);
      m.fill(Infinity);
      break;
    }
    trace = next;
    risk[t + 1] = trace / 2;
  }
  return { risk, moments: m };
}

/** Checks what describes a quadratic; `subject` begins the sentence. */
export function readQuadratic(subject: string, options: QuadraticOptions): Quadratic {
  const { steps, spectrum, batchSize = 1, momentum = 0, initialMoments = 1 } = options;
  const isSpectrum =
    Array.isArray(spectrum) &&
    spectrum.length > 0 &&
    spectrum.every((value: unknown) => typeof value === 'number' && value > 0 && value < Infinity);
  if (!isSpectrum) mustBe(subject, 'spectrum', 'a list of at least 1 finite number > 0', spectrum);
  if (!(batchSize >= 1 && batchSize < Infinity)) mustBe(subject, 'batchSize', 'a number >= 1', batchSize);
  const lambdas = Float64Array.from(spectrum);
  const noise = options.noise ?? { type: 'additive', variance: spectrum };
  checkKeys(`${subject}: noise`, ['type', noise.type === 'leastSquares' ? 'labelVariance' : 'variance'], noise);
  const variances =
    noise.type === 'leastSquares'
      ? lambdas.map((lambda) => lambda * amount(subject, 'noise/labelVariance', noise.labelVariance))
      : noise.type === 'additive'
        ? perItem(subject, 'noise/variance', noise.variance, lambdas.length, 'eigenvalue')
        : mustBe(subject, 'noise/type', '"additive" or "leastSquares"', (noise as { readonly type: unknown }).type);
  const momenta = momentum === 0 ? undefined : rates(subject, momentum, steps, 'momentum');
  if (momenta?.some((mu) => mu >= 1) === true) mustBe(subject, 'momentum', 'in [0, 1) at every step', momentum);
  return {
    steps,
    spectrum: lambdas,
    floor: variances.map((variance) => variance / batchSize),
    sampled: noise.type === 'leastSquares' ? batchSize : Infinity,
    momenta,
    initial: perItem(subject, 'initialMoments', initialMoments, lambdas.length, 'eigenvalue'),
  };
}
