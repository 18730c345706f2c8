import { sourceNames, type FoundDefinition } from './findDefinitions.ts';

const head = '// Written by `pnpm generate` from the files beside it; do not edit.\n';

/** Re-exports every definition. */
export function barrel(definitions: readonly FoundDefinition[]): string {
  return head + definitions.map(({ folder, name }) => `export * from '../${folder}/${name}.ts';\n`).join('');
}

/** Re-exports every kind of parameter. */
export function kindsBarrel(folder: string): string {
  return (
    head +
    sourceNames(folder)
      .map((name) => `export * from '../kinds/${name}.ts';\n`)
      .join('')
  );
}

/** Lists every definition, for the parser and for whoever walks over all of them. */
export function registry(definitions: readonly FoundDefinition[]): string {
  const [schedules, controllers] = split(definitions);
  const imports = definitions
    .map(({ folder, name }) => `import { ${name} } from '../${folder}/${name}.ts';\n`)
    .join('');
  return `${head}import type { AnyControllerDefinition } from '../definition/defineController.ts';
import type { AnyScheduleDefinition } from '../definition/defineSchedule.ts';
${imports}
/** Every kind of schedule in this package. */
export const scheduleDefinitions: readonly AnyScheduleDefinition[] = [${schedules.map(({ name }) => name).join(', ')}];

/** Every kind of controller in this package. */
export const controllerDefinitions: readonly AnyControllerDefinition[] = [${controllers.map(({ name }) => name).join(', ')}];
`;
}

/** The union of all JSON forms, as interfaces that other packages can extend by declaration merging. */
export function specs(definitions: readonly FoundDefinition[]): string {
  const [schedules, controllers] = split(definitions);
  const imports = definitions
    .map(({ folder, name, options }) => `import type { ${options} } from '../${folder}/${name}.ts';\n`)
    .join('');
  const members = (of: readonly FoundDefinition[]): string =>
    of.map(({ name, options }) => `  readonly ${name}: SpecOf<'${name}', ${options}>;\n`).join('');
  return `${head}import type { SpecOf } from '../schedule.ts';
${imports}
/** The JSON form of each kind of schedule by its type. Extend it by declaration merging for definitions of your own. */
export interface ScheduleSpecs {
${members(schedules)}}

/** The JSON form of each kind of controller by its type. Extend it like {@link ScheduleSpecs}. */
export interface ControllerSpecs {
${members(controllers)}}
`;
}

function split(
  definitions: readonly FoundDefinition[],
): [schedules: readonly FoundDefinition[], controllers: readonly FoundDefinition[]] {
  const controls = ({ folder }: FoundDefinition): boolean => folder === 'controllers';
  return [definitions.filter((definition) => !controls(definition)), definitions.filter(controls)];
}
