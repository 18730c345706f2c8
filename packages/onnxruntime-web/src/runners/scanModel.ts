import type { Model, ValueInfo } from '@anneal/onnx';
import type { CompiledStep } from '../compile.ts';

/** What the outer graph calls the values that the body reads: a subgraph may not reuse the names around it. */
export const outer = (name: string): string => `@${name}`;

/**
 * Wraps a training step in an ONNX `Scan` over K steps, K symbolic: the state variables are its state; batches and masks [K, …] and
 * scalars [K] are what it scans; losses [K] and applied rates [K] are what it collects. One session serves every K, the state
 * crosses into and out of the runtime once in K steps, and every step still has its own hyperparameters.
 */
export function scanModel(step: CompiledStep): Model {
  const body = step.graph.model();
  const { state } = step;
  const scanned: ValueInfo[] = [
    ...[...step.hyperparameters, ...step.averages].map(({ input }) => ({
      name: input,
      type: 'float32' as const,
      dims: [],
    })),
    ...step.inputs.values(),
  ];
  const collected = [step.loss, ...step.rates.map(({ output }) => output)];
  const stateInfos = state.map(({ name, initial }) => ({ name, type: 'float32' as const, dims: initial.dims }));
  const bodyOutputs: ValueInfo[] = [
    ...state.map(({ next, initial }) => ({ name: next, type: 'float32' as const, dims: initial.dims })),
    ...collected.map((name) => ({ name, type: 'float32' as const, dims: [] })),
  ];
  const inputs = [
    ...stateInfos.map((info) => ({ ...info, name: outer(info.name) })),
    ...scanned.map(({ name, type, dims }) => ({ name: outer(name), type: type!, dims: ['K', ...(dims ?? [])] })),
  ];
  return {
    ...body,
    graph: {
      name: 'training',
      nodes: [
        {
          op: 'Scan',
          domain: '',
          name: 'steps',
          inputs: inputs.map(({ name }) => name),
          outputs: bodyOutputs.map(({ name }) => outer(name)),
          attributes: new Map([
            ['num_scan_inputs', { kind: 'int', value: scanned.length }],
            [
              'body',
              {
                kind: 'graph',
                value: { ...body.graph, name: 'step', inputs: [...stateInfos, ...scanned], outputs: bodyOutputs },
              },
            ],
          ]),
        },
      ],
      initializers: new Map(),
      inputs,
      outputs: bodyOutputs.map(({ name }) => ({ name: outer(name) })),
    },
  };
}
