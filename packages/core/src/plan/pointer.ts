/** A name as it stands in a JSON pointer (RFC 6901, section 3): `~` and `/` are escaped. */
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The names in a JSON pointer, with or without its leading slash. */
export function pointerNames(pointer: string): readonly string[] {
  const names = pointer.replace(/^\//, '').split('/');
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
