/** Python arithmetic as it was read. */
export type Expression = Constant | Variable | Hole | Operation | Call | Conditional;

export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
}

/** The lambda's own argument. */
export interface Variable {
  readonly kind: 'variable';
}

/** Of the form of an expression: a name that stands for any number. */
export interface Hole {
  readonly kind: 'hole';
  readonly name: string;
}

/** An operator on one or two operands: `-` and `not` may have one. */
export interface Operation {
  readonly kind: 'operation';
  readonly operator: Operator;
  readonly operands: readonly Expression[];
}

export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '**'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or'
  | 'not';

/** A call of a function, by the last of its words: `math.cos` is cos. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly of: (...operands: readonly number[]) => number;
  readonly operands: readonly Expression[];
}

/** `whenTrue if condition else whenFalse`. */
export interface Conditional {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}
