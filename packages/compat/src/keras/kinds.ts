import type { Kind } from '@anneal/core';

/** The name of an operation, which changes no value: any string. */
const name: Kind<string> = {
  kind: 'name',
  rule: 'a string',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** `name` as every schedule takes it; None stands for the class's own. */
export const label: readonly [Kind<string>, null] = [name, null];

/** How much a callback prints: 0 or 1, and what Python takes for them. */
export const verbosity: Kind<number | boolean> = {
  kind: 'verbosity',
  rule: '0 or 1',
  read: (value) => (value === 0 || value === 1 || typeof value === 'boolean' ? value : undefined),
};

/** An object that describes another schedule. */
export const description: Kind<Readonly<Record<string, unknown>>> = {
  kind: 'description',
  rule: 'the description of a schedule: an object with class_name and config',
  read: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined,
};
