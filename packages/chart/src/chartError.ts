/** What kind of rule was broken; see {@link ChartError}. */
export type ChartErrorCode =
  | 'figure' // what was given is no figure, or not one that agrees with itself
  | 'unsupported'; // a figure that this way of drawing does not draw

/** The one error of this package: a sentence for people, `code` and `path` (the place in the figure) for programs. */
export class ChartError extends RangeError {
  readonly code: ChartErrorCode;
  readonly path: string;

  constructor(code: ChartErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(path === '' ? message : `${path}: ${message}`, options);
    this.name = 'ChartError';
    this.code = code;
    this.path = path;
  }
}
