/**
 * The kind of a parameter: what may stand there. The kind alone decides the error sentence, the JSON Schema, the flag
 * and the slider of every parameter that has it; prose stays in the docstrings.
 */
export interface Kind<V = unknown> {
  /** Name for generators, forms and schemas: `"steps"`. */
  readonly kind: string;
  /** Completes the sentence "… must be …". */
  readonly rule: string;
  /** The value to compute with, or undefined where the value is refused. */
  read(value: unknown): V | undefined;
  /** A length of time or a point in it, in steps: the JSON form may say `"5ep"` or `"10%"`. */
  readonly duration?: true;
  /** Of a duration: rounded to a whole number of steps, at least 1, when resolved. */
  readonly whole?: true;
  /** Of a child with another clock: the option that says how many steps make one of its steps, `"stepsPerEpoch"`. */
  readonly unit?: string;
  /** Of a choice: what may be chosen. */
  readonly choices?: readonly string[];
  /** Of a list: the kind of its elements, and how many it needs at least. */
  readonly element?: Kind;
  readonly minLength?: number;
}

/** A parameter: its kind if it must be given, else a pair of its kind and its default. */
export type Param = Kind | readonly [kind: Kind, initial: unknown];

/** The parameters of some definition, whatever its options. */
export type ParamTable = Readonly<Record<string, Param>>;

/** A default: a value, or a function of the options resolved before it. */
export type Default<O extends object, V> = V | ((options: Resolved<O>) => V);

/** The parameters of a definition, one for each option of `O`. */
export type Params<O extends object> = {
  readonly [K in keyof O]-?: object extends Pick<O, K>
    ? readonly [Kind<ValueOf<O, K>>, Default<O, ValueOf<O, K>>]
    : Kind<ValueOf<O, K>>;
};

/** What `make` receives: every option present, numbers where a child may stand made into schedules. */
export type Resolved<O extends object> = { readonly [K in keyof O]-?: ValueOf<O, K> };

type ValueOf<O, K extends keyof O> = Value<Exclude<O[K], undefined>>;

type ScheduleLike = (step: number) => number;
type Value<V> = [ScheduleLike] extends [V] ? ScheduleLike : V extends readonly (infer E)[] ? readonly Value<E>[] : V;

/** A finite number that passes `test`; −0 becomes 0, which JSON could not tell apart. */
export function finite(value: unknown, test: (value: number) => boolean): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && test(value) ? value + 0 : undefined;
}
