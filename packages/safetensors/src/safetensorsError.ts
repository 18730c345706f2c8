/** What kind of rule was broken; see {@link SafetensorsError}. */
export type SafetensorsErrorCode =
  | 'truncated' // the file ends before its header, or before its data
  | 'malformed' // the header is not what the format allows: no JSON, a strange entry, a name that stands twice
  | 'invalid' // a tensor whose bytes are not those of its shape, or data with a hole or an overlap
  | 'unsupported' // an element type that this package does not know, named
  | 'argument'; // what was to be written is no tensor file

/** The one error of this package: a sentence for people, `code` and `path` (the tensor or key meant, if one is) for programs. */
export class SafetensorsError extends RangeError {
  readonly code: SafetensorsErrorCode;
  readonly path: string;

  constructor(code: SafetensorsErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SafetensorsError';
    this.code = code;
    this.path = path;
  }
}
