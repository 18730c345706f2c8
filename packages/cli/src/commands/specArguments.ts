/** A flag that takes text. */
interface TextFlag {
  readonly type: 'string';
  readonly description: string;
  readonly valueHint: string;
}

/** Arguments of the commands that look at a schedule. */
export const specArguments: {
  readonly spec: { readonly type: 'positional'; readonly required: true; readonly description: string };
  readonly from: TextFlag;
  readonly 'steps-per-epoch': TextFlag;
  readonly 'total-steps': TextFlag;
} = {
  spec: {
    type: 'positional',
    required: true,
    description: 'Schedule or plan: a path, - for standard input, or inline JSON that begins with {',
  },
  from: {
    type: 'string',
    description: "Read a framework's own description: torch, keras, optax, transformers, timm, …",
    valueHint: 'framework',
  },
  'steps-per-epoch': { type: 'string', description: 'Updates in an epoch, which "5ep" needs', valueHint: 'number' },
  'total-steps': { type: 'string', description: 'Updates in the whole run, which "10%" needs', valueHint: 'number' },
};
