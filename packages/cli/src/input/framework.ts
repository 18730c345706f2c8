import { translators, type Translator } from '@anneal/compat';
import { UsageError } from '../usageError.ts';

/** The frameworks whose descriptions can be read. */
export const frameworks: readonly string[] = Object.keys(translators);

/** Loads the translator of one framework. */
export async function framework(name: string): Promise<Translator> {
  if (!Object.hasOwn(translators, name)) {
    throw new UsageError(`unknown framework ${JSON.stringify(name)}; known: ${frameworks.join(', ')}`);
  }
  return translators[name as keyof typeof translators]();
}
