import { attention } from './attention.ts';
import type { Lowering } from './lowering.ts';
import { normalizationLowerings } from './normalization.ts';
import { recurrentLowerings } from './recurrent.ts';
import { sequenceLowerings } from './sequences.ts';

/** The lowerings of the standard operators. Your own are values of the same type: `[...standardLowerings, mine]`. */
export const standardLowerings: readonly Lowering[] = [
  ...recurrentLowerings,
  ...normalizationLowerings,
  ...sequenceLowerings,
  attention,
];
