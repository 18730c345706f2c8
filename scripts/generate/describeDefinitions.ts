import type { Kind, ParamTable } from '../../packages/core/src/definition/kind.ts';
import { settledAt } from '../../packages/core/src/look/settledAt.ts';
import { walk, type Outlines } from '../../packages/core/src/look/walk.ts';
import type { Schedule } from '../../packages/core/src/schedule.ts';
import type { FoundDefinition } from './findDefinitions.ts';
import { kindSchema, type JsonSchema } from './kindSchema.ts';
import { oneLine, type DocumentedExport } from './readDocs.ts';
import { runExample, unfenced } from './runExample.ts';

/** What forms, flags, pages and schemas need to know of a parameter. */
export interface DescribedParameter {
  readonly name: string;
  readonly kind: string;
  /** Completes "must be …". */
  readonly rule: string;
  readonly prose: string;
  readonly required: boolean;
  /** Absent if required, or computed from the options before it. */
  readonly default?: unknown;
  readonly computedDefault?: true;
  readonly choices?: readonly string[];
  readonly duration?: true;
  readonly whole?: true;
  readonly element?: string;
  readonly schema: JsonSchema;
}

/** A definition as it is shown: from its kinds and its docstring. */
export interface DescribedDefinition {
  readonly name: string;
  readonly folder: string;
  readonly summary: string;
  readonly details?: string;
  readonly formula: string;
  readonly start: string;
  readonly end?: string;
  readonly source?: readonly string[];
  readonly equivalents?: readonly string[];
  readonly errors?: string;
  /** Code in TypeScript; a trailing comment states the value of its line. */
  readonly example: string;
  /** The JSON form of what the example makes: something to start from. */
  readonly exampleSpec: { readonly type: string };
  /** Of a schedule: the updates of a run that it fits, to its end if it has one. */
  readonly exampleSteps?: number;
  readonly parameters: readonly DescribedParameter[];
}

/** What core exports, at run time. */
export type Namespace = Readonly<Record<string, unknown>>;

interface Definition {
  (options: object): (Schedule | object) & { readonly spec: { readonly type: string } };
  readonly type: string;
  readonly params: ParamTable;
}

const childSchema: JsonSchema = { $ref: '#/$defs/Child' };

/** Joins kinds and docstrings. Throws one error that lists every gap by file and tag. */
export function describeDefinitions(
  found: readonly FoundDefinition[],
  exportsOf: (definition: FoundDefinition) => readonly DocumentedExport[],
  core: Namespace,
  outlines: Outlines,
): readonly DescribedDefinition[] {
  const problems: string[] = [];
  const described = found.map((one) => describe(one, exportsOf(one), core, outlines, problems));
  if (problems.length > 0) throw new Error(`the definitions are not fit to be described:\n${problems.join('\n')}`);
  return described;
}

function describe(
  { name, folder, options }: FoundDefinition,
  exported: readonly DocumentedExport[],
  core: Namespace,
  outlines: Outlines,
  problems: string[],
): DescribedDefinition {
  const complain = (problem: string): void => {
    problems.push(`packages/core/src/${folder}/${name}.ts: ${problem}`);
  };
  const definition = core[name] as Definition | undefined;
  const docs = exported.find((one) => one.name === name)?.docs;
  const members = exported.find((one) => one.name === options)?.members ?? [];
  if (definition === undefined || docs === undefined) complain(`exports no definition named ${name}`);
  else if (definition.type !== name) complain(`defines the type ${definition.type}, which is not the file's name`);
  const tag = (key: string): string => docs?.tags[key]?.[0] ?? '';
  if (docs?.summary === '') complain('the docstring has no summary');
  for (const key of ['formula', 'start', 'example']) if (tag(key) === '') complain(`the docstring lacks @${key}`);

  const parameters = Object.entries(definition?.params ?? {}).map(([parameter, param]): DescribedParameter => {
    const required = 'kind' in param;
    const kind: Kind = required ? param : param[0];
    const initial = required ? undefined : param[1];
    const member = members.find((one) => one.name === parameter);
    if (member === undefined || member.docs.summary === '')
      complain(`the option ${parameter} of ${options} has no docstring`);
    return {
      name: parameter,
      kind: kind.kind,
      rule: kind.rule,
      prose: [member?.docs.summary, member?.docs.details]
        .filter(Boolean)
        .join(' ')
        .replaceAll(/\s*\n\s*/g, ' '),
      required,
      ...(!required && (typeof initial === 'function' ? { computedDefault: true as const } : { default: initial })),
      ...(kind.choices !== undefined && { choices: kind.choices }),
      ...(kind.duration === true && { duration: true as const }),
      ...(kind.whole === true && { whole: true as const }),
      ...(kind.element !== undefined && { element: kind.element.kind }),
      schema: kindSchema(kind, childSchema),
    };
  });

  const example = unfenced(tag('example'));
  const end = oneLine(tag('end'));
  const errors = (docs?.tags['throws'] ?? []).map(oneLine).join(' ');
  return {
    name,
    folder,
    summary: docs?.summary ?? '',
    ...(docs !== undefined && docs.details !== '' && { details: docs.details }),
    formula: tag('formula'),
    start: oneLine(tag('start')),
    ...(end !== '' && { end }),
    ...list('source', docs?.tags['source']),
    ...list('equivalents', docs?.tags['equivalents']),
    ...(errors !== '' && { errors }),
    example,
    ...exampleOf(name, definition, example, core, outlines, complain),
    parameters,
  };
}

function list(key: string, texts: readonly string[] = []): object {
  return texts.length === 0 ? {} : { [key]: texts.map(oneLine) };
}

/** The last thing that the example makes with the definition, in its JSON form, and the run that it fits. */
function exampleOf(
  name: string,
  definition: Definition | undefined,
  example: string,
  core: Namespace,
  outlines: Outlines,
  complain: (problem: string) => void,
): Pick<DescribedDefinition, 'exampleSpec' | 'exampleSteps'> {
  const none = { exampleSpec: { type: name } };
  if (definition === undefined || example === '') return none;
  const made: ReturnType<Definition>[] = [];
  const recording = (options: object): unknown => {
    made.push(definition(options));
    return made.at(-1);
  };
  try {
    runExample(example, { ...core, [name]: Object.assign(recording, definition) });
  } catch (error) {
    complain(`@example does not run: ${error instanceof Error ? error.message : String(error)}`);
  }
  const last = made.at(-1);
  if (last === undefined) {
    complain(`@example never calls ${name}`);
    return none;
  }
  return {
    exampleSpec: last.spec,
    ...(typeof last === 'function' && { exampleSteps: runOf(last, outlines) }),
  };
}

/** Where the schedule settles, but past the begin of its last phase; 100 where it never ends. */
function runOf(schedule: Schedule, outlines: Outlines): number {
  const settled = settledAt(schedule) ?? 0;
  const { joints } = walk(schedule, Math.max(100, settled), outlines);
  const last = Math.max(0, ...joints.map(({ step }) => step));
  return Math.ceil(Math.max(settled > 0 ? settled : 100, 2 * last));
}
