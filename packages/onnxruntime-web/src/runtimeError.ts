import { TrainerError } from './trainerError.ts';

const memory =
  /bad_alloc|failed to allocate|out of memory|allocation failed|Invalid typed array length|memory access out of bounds/i;

/** Whether an error of the runtime says that there was no memory left. */
export const isOutOfMemory = (cause: unknown): boolean => memory.test(messageOf(cause));

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What the runtime's messages say, in a sentence: pattern by pattern, the first that fits. */
const sentences: readonly (readonly [
  pattern: RegExp,
  sentence: (groups: Readonly<Record<string, string>>) => string,
])[] = [
  [
    /(?<op>[\w.]*:?\w+)\(-?\d+\) is not a registered function\/op/,
    ({ op }) =>
      `it has no operator ${op!.replace(/^.*:/, (domain) => (domain === ':' ? '' : domain.replace(':', '.')))}`,
  ],
  [
    /No Op registered for (?<op>\S+) with domain_version of (?<version>\d+)/,
    ({ op, version }) => `it has no operator ${op} in operator set ${version}`,
  ],
  [
    /Could not find an implementation for (?<op>\w+)\(\d+\) node with name '(?<name>[^']*)'/,
    ({ op, name }) => `it has no kernel for the operator ${op} (node "${name}") on these types`,
  ],
  [
    /Type parameter \(\w+\) of Optype \((?<op>\w+)\) bound to different types \(tensor\((?<a>\w+)\) and tensor\((?<b>\w+)\) in node \((?<name>[^)]*)\)/,
    ({ op, a, b, name }) =>
      `the operator ${op} (node "${name}") reads ${typeOf(a!)} and ${typeOf(b!)}, which must be one type`,
  ],
  [
    /Type 'tensor\((?<type>\w+)\)' of input parameter \((?<value>[^)]*)\) of operator \((?<op>\w+)\) in node \((?<name>[^)]*)\)/,
    ({ op, name, value, type }) =>
      `the operator ${op} (node "${name}") does not take "${value}", which is ${typeOf(type!)}`,
  ],
  [
    /running (?<op>\w+) node\. Name:\s*'(?<name>[^']*)' Status Message:\s*(?<rest>[^]*)/,
    ({ op, name, rest }) => `the operator ${op} (node "${name}"): ${plain(rest!)}`,
  ],
  [
    /Node\s*\((?<name>[^)]*)\) Op \((?<op>\w+)\) \[\w+\]\s*(?<rest>[^]*)/,
    ({ op, name, rest }) => `the operator ${op} (node "${name}") does not take these shapes: ${plain(rest!)}`,
  ],
  [/\[ShapeInferenceError\]\s*(?<rest>[^]*)/, ({ rest }) => `shapes in it do not fit: ${plain(rest!)}`],
];

const typeOf = (type: string): string => (type === 'float' ? 'float32' : type === 'double' ? 'float64' : type);

/** Without the places in onnxruntime's own source, on one line. */
const plain = (text: string): string =>
  text
    .replace(/\S*\/onnxruntime\S*/g, '')
    .replace(/^.*ERROR_MESSAGE:\s*/s, '')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * An error of the runtime as one of this package: a sentence, the error itself as its `cause`.
 *
 * @param what names the graph
 */
export function runtimeError(what: string, rule: string, cause: unknown): TrainerError {
  if (isOutOfMemory(cause)) return new TrainerError('memory', what, 'onnxruntime ran out of memory', { cause });
  const message = messageOf(cause);
  for (const [pattern, sentence] of sentences) {
    const { groups } = pattern.exec(message) ?? {};
    if (groups !== undefined)
      return new TrainerError('runtime', what, `onnxruntime ${rule}: ${sentence(groups)}`, { cause });
  }
  return new TrainerError('runtime', what, `onnxruntime ${rule}: ${plain(message)}`, { cause });
}
