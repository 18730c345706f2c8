/** What kind of rule was broken; see {@link TrainerError}. */
export type TrainerErrorCode =
  | 'argument' // a wrong option or batch
  | 'checkpoint' // bytes that are no checkpoint, or not one of this trainer
  | 'runtime' // onnxruntime refused a graph or failed to run it; `cause` holds its error
  | 'memory' // onnxruntime found no memory for a graph; `cause` holds its error
  | 'disposed'; // the trainer has been disposed of

/** The one error of this package: a sentence for people, `code` and `path` (the option, input or tensor meant) for programs. */
export class TrainerError extends RangeError {
  readonly code: TrainerErrorCode;
  readonly path: string;

  constructor(code: TrainerErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.name = 'TrainerError';
    this.code = code;
    this.path = path;
  }
}
