import { readFileSync } from 'node:fs';

/** One recorded run of a framework's scheduler. `tools/reference/README.md` says what the fields mean. */
export interface FixtureCase {
  readonly id: string;
  readonly description: Readonly<Record<string, unknown>>;
  readonly steps: readonly number[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly metrics?: readonly (number | null | Readonly<Record<string, number | null>>)[];
  readonly error?: string;
  readonly errorAt?: number;
  /** Why we refuse what the framework accepts. */
  readonly refused?: string;
  readonly precision?: 'float32';
  readonly horizon?: { readonly totalSteps?: number; readonly stepsPerEpoch?: number };
  readonly except?: readonly { readonly step: number; readonly why: string }[];
  readonly pairwise?: boolean;
  readonly levels?: Readonly<Record<string, unknown>>;
}

/** What one program of `tools/reference` recorded of one scheduler. */
export interface Fixture {
  readonly program: string;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, readonly unknown[]>>;
  readonly excluded: readonly (readonly [string, unknown, string, unknown])[];
  readonly signature?: Readonly<Record<string, unknown>>;
  readonly cases: readonly FixtureCase[];
}

export function readFixture(framework: string, name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`../fixtures/${framework}/${name}.json`, import.meta.url), 'utf8')) as Fixture;
}
