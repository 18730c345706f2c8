import { controllerDefinitions, hyperparameters, scheduleDefinitions, type Kind, type Param } from '../src/index.ts';

const numbers = [
  0,
  -0,
  5e-324,
  1e-300,
  1e-9,
  0.01,
  0.1,
  0.3,
  0.5,
  0.9,
  0.999,
  1,
  1.1,
  1.5,
  2,
  3,
  7.25,
  10,
  64,
  100,
  999,
  1e4,
  1e9,
  1e12,
  2 ** 53,
  1e300,
  1.7e308,
  Number.MAX_VALUE,
  1e-160,
  1e160,
  -1,
  -0.5,
  -1e300,
];
const durations = ['5ep', '0.5ep', '10%', '33.3%', '100%', '250%', '0%', '999999999999999ep'];
const hostile: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  '1',
  '1e3ep',
  '-5%',
  [],
  {},
  [[]],
  { type: 'linear' },
  '__proto__',
  { __proto__: null },
];
const keys = ['schedule', 'schedules', 'type', '$schema', 'use', 'from', 'groups', 'toString', 'constructor', 'x', ''];

/** Writes specs that follow the grammar of the definitions, and now and then break it. */
export class Grammar {
  readonly #next: () => number;

  constructor(next: () => number) {
    this.#next = next;
  }

  #one<T>(from: readonly T[]): T {
    return from[Math.floor(this.#next() * from.length)]!;
  }

  #chance(p: number): boolean {
    return this.#next() < p;
  }

  /** The text of a file, JSON in nine of ten cases. */
  text(): string {
    const text = JSON.stringify(this.#chance(0.6) ? this.#schedule(0) : this.#plan());
    if (!this.#chance(0.1)) return this.#chance(0.02) ? text.replace('{', '{"__proto__":{"type":"constant"},') : text;
    const at = Math.floor(this.#next() * text.length);
    const noise = this.#one(['', '"', '{', ']', ',', '1e999', 'null', '\u0000', '\\', '-', text.slice(0, at)]);
    return text.slice(0, at) + noise + text.slice(at + Math.floor(this.#next() * 4));
  }

  #plan(): unknown {
    const tracks = (): Record<string, unknown> =>
      Object.fromEntries(hyperparameters.filter(() => this.#chance(0.25)).map((name) => [name, this.#track()]));
    const groups = Array.from({ length: Math.floor(this.#next() * 3) }, (_, i) => {
      const from = this.#chance(0.3) ? { from: this.#one([...numbers, ...durations]) } : {};
      return [this.#one(['head', 'a/b', '~', `g${i}`]), { ...tracks(), ...from }] as const;
    });
    const plan = {
      ...tracks(),
      learningRate: this.#track(),
      ...(groups.length > 0 && { groups: Object.fromEntries(groups) }),
    };
    return this.#chance(0.05) ? this.#broken(plan) : plan;
  }

  #track(): unknown {
    if (this.#chance(0.6)) return this.#schedule(0);
    const uses = Array.from({ length: Math.floor(this.#next() * 3) }, (_, i) => {
      const window = this.#chance(0.5) ? { from: this.#one(['5%', 10, 0]) } : {};
      return [`c${i}`, { use: this.#node(this.#one(controllerDefinitions), 0), ...window }] as const;
    });
    return { schedule: this.#schedule(0), controllers: Object.fromEntries(uses) };
  }

  #schedule(depth: number): unknown {
    if (depth > 3 || this.#chance(0.15)) return this.#chance(0.95) ? Math.abs(this.#one(numbers)) : this.#one(hostile);
    return this.#node(this.#one(scheduleDefinitions), depth);
  }

  #node(
    definition: { readonly type: string; readonly params: Readonly<Record<string, Param>> },
    depth: number,
  ): object {
    const given = Object.entries(definition.params).filter(([, param]) => 'kind' in param || this.#chance(0.25));
    const options = given.map(([key, param]) => [key, this.#value('kind' in param ? param : param[0], depth)] as const);
    const node = { type: definition.type, ...Object.fromEntries(options) };
    return this.#chance(0.02) ? this.#broken(node) : node;
  }

  #value(kind: Kind, depth: number): unknown {
    if (this.#chance(0.01)) return this.#one(hostile);
    if (kind.kind === 'child') return this.#schedule(depth + 1);
    if (kind.choices !== undefined) return this.#one(kind.choices);
    const { element } = kind;
    if (element !== undefined) {
      const list = Array.from({ length: 1 + Math.floor(this.#next() * 3) }, () => this.#value(element, depth));
      return list.every((item) => typeof item === 'number') ? list.sort((a, b) => a - b) : list;
    }
    if (kind.duration === true && this.#chance(0.3)) return this.#one(durations);
    const candidates: readonly unknown[] = [...numbers, true, false, 'loss'];
    const fitting = candidates.filter((candidate) => kind.read(candidate) !== undefined);
    return this.#one(this.#chance(0.99) ? fitting : candidates);
  }

  /** An object with one key gone, one too many or one value of another kind. */
  #broken(object: object): object {
    const entries = Object.entries(object);
    const at = Math.floor(this.#next() * entries.length);
    if (this.#chance(0.3)) return Object.fromEntries(entries.filter((_, i) => i !== at));
    if (this.#chance(0.5)) return { ...object, [this.#one(keys)]: this.#one(hostile) };
    return Object.fromEntries(entries.map(([key, value], i) => [key, i === at ? this.#one(hostile) : value]));
  }
}
