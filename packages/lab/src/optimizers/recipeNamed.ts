import { checkOptions, type MakeError, type OptionTable } from '@anneal/core/options';
import { known, LabError } from '../labError.ts';
import type { OptimizerRecipe, OptimizerSettings } from './optimizerRecipe.ts';
import { recipeLoaders } from './optimizers.gen.ts';

/** The names of the lab's optimizers. */
export const optimizerNames: readonly string[] = Object.keys(recipeLoaders);

/** The optimizer of this name, loaded now; throws a LabError that lists those that exist. */
export const recipeNamed = async (name: string): Promise<OptimizerRecipe> => known('optimizer', name, recipeLoaders)();

/** The settings of an optimizer, each one given; throws a {@link LabError} that names the first that is unknown or breaks its rule. */
export function settingsOf({ name, settings }: OptimizerRecipe, given: OptimizerSettings): OptimizerSettings {
  const refuse: MakeError = (_code, _path, message) => new LabError('invalid', message);
  return checkOptions(name, settings as OptionTable<OptimizerSettings>, given, refuse) as OptimizerSettings;
}
