import { LabError } from './labError.ts';

/** Opens what needs packages of its own; where they are not installed, one sentence holds the command that installs them. */
export async function orInstall<T>(what: string, install: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const missing = missingPackage(cause);
    if (missing === undefined) throw cause;
    throw new LabError('missing', `${what} needs ${missing}: npm install ${install}`, { cause });
  }
}

/**
 * Imports a package by a name that no bundler sees: data that are too large for a page, and need not be installed for one to be built.
 */
export const unbundled = (name: string): Promise<unknown> => import(/* @vite-ignore */ name);

/** The package that an import did not find, from the error of Node or of a page. */
function missingPackage(error: unknown): string | undefined {
  const { message } = Object(error) as { readonly message?: unknown };
  if (typeof message !== 'string') return undefined;
  return /(?:Cannot find package|resolve module specifier) ['"]([^'"]+)['"]/.exec(message)?.[1];
}
