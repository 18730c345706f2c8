import { mustBe } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import type { LossModel } from '../law/lossModel.ts';
import type { QuadraticOptions } from '../quadratic/quadraticRisk.ts';
import { boundObjective } from './boundObjective.ts';
import { lawObjective } from './lawObjective.ts';
import type { DesignObjective, Objective } from './objective.ts';
import { quadraticObjective } from './quadraticObjective.ts';

/** Checks an objective for a run of `steps` updates. */
export function readObjective(subject: string, given: DesignObjective, steps: number): Objective {
  const where = `${subject}: objective`;
  const { type, ...rest } = Object(given) as { readonly type?: unknown };
  switch (type) {
    case 'bound': {
      checkKeys(where, ['distance', 'gradientNorm'], rest);
      return boundObjective(where, rest, steps);
    }
    case 'quadratic': {
      checkKeys(where, ['spectrum', 'noise', 'batchSize', 'momentum', 'initialMoments'], rest);
      return quadraticObjective(where, { ...(rest as Omit<QuadraticOptions, 'steps'>), steps });
    }
    case 'law': {
      checkKeys(where, ['model'], rest);
      return lawObjective(where, (rest as { readonly model: LossModel }).model);
    }
    default:
      return mustBe(where, 'type', '"bound", "quadratic" or "law"', type);
  }
}
