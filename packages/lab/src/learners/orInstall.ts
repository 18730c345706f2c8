import { LabError } from '../labError.ts';

/** Opens something of a backend; where its packages are not installed, one sentence holds the command that installs them. */
export async function orInstall<T>(backend: string, install: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const missing = missingPackage(cause);
    if (missing === undefined) throw cause;
    throw new LabError('missing', `the backend ${backend} needs ${missing}: npm install ${install}`, { cause });
  }
}

/** The package that an import did not find, from Node's error. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  if (code !== 'ERR_MODULE_NOT_FOUND' || typeof message !== 'string') return undefined;
  return /Cannot find package '([^']+)'/.exec(message)?.[1];
}
