/** What kind of rule was broken; see {@link OnnxError}. */
export type OnnxErrorCode =
  | 'truncated' // a length or a varint runs past the end of its message
  | 'malformed' // bytes that no protobuf writer produces: wrong wire type, bad UTF-8, nesting too deep
  | 'invalid' // well-formed, but not a valid model: dims against data, unknown names, cycles
  | 'unsupported' // valid ONNX that this package does not handle, named
  | 'noGradient' // an operator, or an attribute of one, that no gradient rule covers
  | 'argument'; // a wrong argument of one of our functions

/**
 * The one error of this package: a sentence for people, `code` and `path` for programs.
 * `path` is the place inside the model (`graph.node[3].attribute[0]`) or the name of the thing refused.
 */
export class OnnxError extends RangeError {
  readonly code: OnnxErrorCode;
  readonly path: string;

  constructor(code: OnnxErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(path === '' ? message : `${path}: ${message}`, options);
    this.name = 'OnnxError';
    this.code = code;
    this.path = path;
  }
}
