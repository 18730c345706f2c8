import { sourceNames, type FoundDefinition } from './findDefinitions.ts';

const head = '// Written by `pnpm generate` from the files beside it; do not edit.\n';

/** Re-exports what the definitions' files export, name by name: each may have an `outline`, which stays inside. */
export function barrel(definitions: readonly FoundDefinition[]): string {
  const line = ({ folder, name, exports }: FoundDefinition): string => {
    const names = exports
      .filter((one) => one.name !== 'outline')
      .map((one) => (one.isType ? `type ${one.name}` : one.name));
    return `export { ${names.join(', ')} } from '../${folder}/${name}.ts';\n`;
  };
  return head + definitions.map(line).join('');
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
/**
 * Every kind of schedule in this package.
 *
 * @example
 * scheduleDefinitions.some(({ type }) => type === 'cosineDecay'); // true
 */
export const scheduleDefinitions: readonly AnyScheduleDefinition[] = [${schedules.map(({ name }) => name).join(', ')}];

/**
 * Every kind of controller in this package.
 *
 * @example
 * controllerDefinitions.map(({ type }) => type); // ['greedy', 'reduceOnPlateau', 'spikeGuard']
 */
export const controllerDefinitions: readonly AnyControllerDefinition[] = [${controllers.map(({ name }) => name).join(', ')}];
`;
}

/** All JSON forms, merged into the interfaces that are empty where schedules and controllers are declared: those cannot import what imports them. */
export function specs(definitions: readonly FoundDefinition[]): string {
  const [schedules, controllers] = split(definitions);
  const imports = definitions
    .map(({ folder, name, options }) => `import type { ${options} } from '../${folder}/${name}.ts';\n`)
    .join('');
  const members = (of: readonly FoundDefinition[]): string =>
    of.map(({ name, options }) => `    readonly ${name}: SpecOf<'${name}', ${options}>;\n`).join('');
  return `${head}import type { SpecOf } from '../schedule.ts';
${imports}
declare module '../schedule.ts' {
  interface ScheduleSpecs {
${members(schedules)}  }
}

declare module '../controller.ts' {
  interface ControllerSpecs {
${members(controllers)}  }
}
`;
}

function split(
  definitions: readonly FoundDefinition[],
): [schedules: readonly FoundDefinition[], controllers: readonly FoundDefinition[]] {
  const controls = ({ folder }: FoundDefinition): boolean => folder === 'controllers';
  return [definitions.filter((definition) => !controls(definition)), definitions.filter(controls)];
}

/** Collects the outlines that definitions export beside themselves, for whoever asks for phases. */
export function outlines(definitions: readonly FoundDefinition[]): string {
  const outlined = definitions.filter((definition) => definition.exports.some(({ name }) => name === 'outline'));
  const imports = outlined
    .map(({ folder, name }) => `import { outline as ${name} } from '../${folder}/${name}.ts';\n`)
    .join('');
  return `${head}import type { Outline } from '../look/outline.ts';
${imports}
/** The outline of each definition that has one, by its type. */
export const outlines: Readonly<Record<string, Outline<never>>> = { ${outlined.map(({ name }) => name).join(', ')} };
`;
}
