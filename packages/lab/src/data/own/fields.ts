import type { DataType, Model } from '@anneal/onnx';
import { LabError } from '../../labError.ts';
import { ignored, type OwnLoss } from './ownLoss.ts';

/** What an example has to hold under a name. */
export interface Field {
  readonly name: string;
  readonly type: 'float32' | 'int32' | 'int64' | 'bool' | 'uint8';
  /** The shape of one example; undefined along an axis that the graph leaves open, the same in every example. */
  readonly dims: readonly (number | undefined)[];
  /** Whole numbers from `least` to before `end`, or `ignored`. */
  readonly range?: { readonly least: number; readonly end: number; readonly what: string; readonly ignored?: number };
  /** Whether its numbers lie in [0, 1]. */
  readonly share?: boolean;
  /** Whether it may hold names of classes. */
  readonly names: boolean;
  readonly role: 'input' | 'target';
}

export interface OwnChoice {
  /** The output that the loss reads; default the only one. */
  readonly output?: string | undefined;
  /** The field that it is compared with; default as the loss has it. */
  readonly target?: string | undefined;
}

const readable = new Set<DataType | undefined>(['float32', 'int32', 'int64', 'bool', 'uint8']);

/** The output that a loss reads. */
export function outputFor({ graph }: Model, { output }: OwnChoice): string {
  const names = graph.outputs.map(({ name }) => name);
  if (output !== undefined && names.includes(output)) return output;
  if (output === undefined && names.length === 1) return names[0] as string;
  const said = output === undefined ? 'name the output that the loss reads' : `there is no output ${shownName(output)}`;
  throw new LabError('data', `model: ${said}; it has ${names.map(shownName).join(', ') || 'none'}`);
}

const shownName = (name: string): string => JSON.stringify(name);

/** What a model and a loss ask of each example. Throws a LabError for a model that no batch of several examples fits. */
export function fieldsOf(model: Model, loss: OwnLoss, choice: OwnChoice = {}): readonly Field[] {
  const { graph } = model;
  const given = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  const inputs = given.map(({ name, type, dims }): Field => {
    if (!readable.has(type) || dims === undefined)
      throw new LabError(
        'data',
        `model: the input ${shownName(name)} must be a tensor of float32, int32, int64, bool or uint8 with a known number of axes; received ${type ?? 'no type'}`,
      );
    const [batch, ...rest] = dims;
    if (dims.length === 0 || typeof batch === 'number')
      throw new LabError(
        'data',
        `model: the first axis of the input ${shownName(name)} must count examples; it is ${batch ?? 'missing'}: export the model with a dynamic batch`,
      );
    const rows = rowsReadBy(model, name);
    const range = rows === undefined ? {} : { range: { least: 0, end: rows, what: 'the rows of its table' } };
    return { name, type: type as Field['type'], dims: rest.map(asSize), ...range, names: false, role: 'input' };
  });
  const output = outputFor(model, choice);
  const dims = graph.outputs.find(({ name }) => name === output)?.dims;
  const name = choice.target ?? loss.target;
  if (inputs.some((input) => input.name === name))
    throw new LabError(
      'data',
      `model: it reads ${shownName(name)}, which the loss is to be compared with; name another field for the loss`,
    );
  const rest = dims?.slice(1).map(asSize);
  if (!loss.classes) {
    const share = loss.share === true;
    return [...inputs, { name, type: 'float32', dims: rest ?? [undefined], names: false, share, role: 'target' }];
  }
  const classes = rest?.at(-1);
  const range = { least: 0, end: classes ?? 2 ** 31, what: 'the classes', ignored };
  return [
    ...inputs,
    { name, type: 'int64', dims: rest?.slice(0, -1) ?? [], range, names: (rest?.length ?? 1) === 1, role: 'target' },
  ];
}

const asSize = (dim: number | string | undefined): number | undefined => (typeof dim === 'number' ? dim : undefined);

/** The rows of the table that an input names rows of. */
function rowsReadBy({ graph }: Model, input: string): number | undefined {
  const same = new Set([input]);
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    if ((op === 'Cast' || op === 'Identity') && same.has(inputs[0] ?? '')) same.add(outputs[0] as string);
    if (op !== 'Gather' || !same.has(inputs[1] ?? '')) continue;
    const axis = attributes.get('axis');
    const table = graph.initializers.get(inputs[0] as string);
    if (table !== undefined && Number(axis?.value ?? 0) === 0) return table.dims[0];
  }
  return undefined;
}
