import { mustBe } from '@anneal/core';
import { courseOf } from '../law/course.ts';
import { laws, lossModel, type LawParameters, type LossModel } from '../law/lossModel.ts';
import type { Objective } from './objective.ts';

/** The final loss by a law. The peak is that of the runs it was fitted on: of others it knows nothing. */
export function lawObjective(subject: string, model: Pick<LossModel, 'law' | 'parameters'>): Objective {
  if (typeof model !== 'object' || model === null) mustBe(subject, 'model', 'a fitted law or a lossModel', model);
  const { law, parameters } = lossModel(model.law, model.parameters);
  const values = laws[law].parameters.map((name) => (parameters as unknown as Readonly<Record<string, number>>)[name]!);
  return {
    anyPeak: false,
    value(etas) {
      const loss = new Float64Array(1);
      laws[law].evaluate(courseOf(etas, [etas.length]), values, loss);
      return Number.isFinite(loss[0]) ? loss[0]! : Infinity;
    },
    slopes: (etas) =>
      law === 'momentumLaw'
        ? momentumSlopes(etas, parameters as LawParameters['momentumLaw'])
        : multiPowerSlopes(etas, parameters as LawParameters['multiPowerLaw']),
  };
}

const sumOf = (etas: Float64Array): number => etas.reduce((sum, eta) => sum + eta, 0);

function momentumSlopes(etas: Float64Array, { a, alpha, c, tau }: LawParameters['momentumLaw']): Float64Array {
  const all = -alpha * a * sumOf(etas) ** (-alpha - 1);
  const rest = -Math.expm1(-1 / tau);
  const felt = (k: number): number => (k === 0 || k >= etas.length ? 0 : -Math.expm1((k - etas.length) / tau) / rest);
  // η_j is what fall j leads to and fall j + 1 comes from.
  return etas.map((_, j) => all + c * (felt(j) - felt(j + 1)));
}

function multiPowerSlopes(
  etas: Float64Array,
  { a, alpha, b, c, beta, gamma }: LawParameters['multiPowerLaw'],
): Float64Array {
  const { length } = etas;
  const all = -alpha * a * sumOf(etas) ** (-alpha - 1);
  const since = new Float64Array(length + 1);
  for (let k = length - 1; k >= 0; k -= 1) since[k] = since[k + 1]! + etas[k]!;
  const gained = new Float64Array(length + 1);
  const slopes = new Float64Array(length).fill(all);
  // Every S_k with k <= j holds η_j.
  let bySince = 0;
  for (let k = 1; k < length; k += 1) {
    const eta = etas[k]!;
    if (since[k]! > 0 && eta > 0) {
      const scale = eta ** -gamma;
      const cx = c * scale * since[k]!;
      const log = Math.log1p(cx);
      gained[k] = -Math.expm1(-beta * log);
      const slope = b * (etas[k - 1]! - eta) * beta * Math.exp(-beta * log) * (c / (1 + cx));
      bySince -= slope * scale;
      slopes[k]! += slope * gamma * (scale / eta) * since[k]!;
    } else gained[k] = since[k]! > 0 ? 1 : 0;
    slopes[k]! += bySince + b * gained[k]!;
    slopes[k - 1]! -= b * gained[k]!;
  }
  return slopes;
}
