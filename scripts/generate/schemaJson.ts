import { hyperparameters } from '../../packages/core/src/plan/plan.ts';
import type { DescribedDefinition, DescribedParameter } from './describeDefinitions.ts';
import { durationText, type JsonSchema } from './kindSchema.ts';

const pointInTime: JsonSchema = { anyOf: [{ type: 'number', minimum: 0 }, durationText({ read: () => 0 })] };
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/**
 * The JSON Schema (2020-12) of a schedule file or a plan file.
 *
 * An object is told apart by its `type` with if/then, not oneOf: a validator then follows one branch alone, so its
 * work is linear in the file and its errors speak of the type that was meant.
 */
export function schemaJson(definitions: readonly DescribedDefinition[]): JsonSchema {
  const controllers = definitions.filter(({ folder }) => folder === 'controllers');
  const schedules = definitions.filter(({ folder }) => folder !== 'controllers');
  const tracks = Object.fromEntries(hyperparameters.map((name) => [name, ref('Track')]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A learning-rate schedule or plan',
    type: 'object',
    properties: { $schema: { type: 'string' } },
    if: { required: ['type'] },
    // oxlint-disable-next-line unicorn/no-thenable
    then: ref('AnySchedule'),
    else: ref('AnyPlan'),
    unevaluatedProperties: false,
    $defs: {
      AnySchedule: byType(schedules),
      Schedule: { ...ref('AnySchedule'), unevaluatedProperties: false },
      Child: {
        description: 'A schedule, or a number for a constant.',
        type: ['number', 'object'],
        minimum: 0,
        if: { type: 'object' },
        // oxlint-disable-next-line unicorn/no-thenable
        then: ref('Schedule'),
      },
      AnyPlan: {
        description: 'Schedules and controllers for each hyperparameter, and for named groups of parameters.',
        type: 'object',
        required: ['learningRate'],
        properties: { ...tracks, groups: { type: 'object', additionalProperties: ref('Group') } },
      },
      Group: {
        description: 'What differs for a named group of parameters; the rest is taken from the plan.',
        type: 'object',
        properties: { from: pointInTime, ...tracks },
        additionalProperties: false,
      },
      Track: {
        description: 'A number, a schedule, or a schedule with controllers.',
        type: ['number', 'object'],
        minimum: 0,
        if: { type: 'object' },
        // oxlint-disable-next-line unicorn/no-thenable
        then: {
          if: { required: ['type'] },
          // oxlint-disable-next-line unicorn/no-thenable
          then: ref('Schedule'),
          else: ref('ControlledTrack'),
        },
      },
      ControlledTrack: {
        type: 'object',
        required: ['schedule'],
        properties: {
          schedule: ref('Child'),
          controllers: { type: 'object', additionalProperties: ref('ControllerUse') },
        },
        additionalProperties: false,
      },
      ControllerUse: {
        description: 'A controller, active at the steps in [from, until).',
        type: 'object',
        required: ['use'],
        properties: { use: ref('Controller'), from: pointInTime, until: pointInTime },
        additionalProperties: false,
      },
      Controller: { ...byType(controllers), unevaluatedProperties: false },
      ...Object.fromEntries(definitions.map((definition) => [definition.name, optionsSchema(definition)])),
    },
  };
}

/** An object whose `type` is the name of one of the definitions, and whose other keys are that one's. */
function byType(definitions: readonly DescribedDefinition[]): JsonSchema {
  return {
    type: 'object',
    required: ['type'],
    properties: { type: { enum: definitions.map(({ name }) => name) } },
    allOf: definitions.map(({ name }) => ({
      if: { properties: { type: { const: name } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable
      then: ref(name),
    })),
  };
}

function optionsSchema({ name, summary, parameters }: DescribedDefinition): JsonSchema {
  return {
    title: name,
    description: summary,
    type: 'object',
    required: ['type', ...parameters.filter(({ required }) => required).map((parameter) => parameter.name)],
    properties: {
      type: { const: name },
      ...Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterSchema(parameter)])),
    },
  };
}

function parameterSchema({ schema, prose, default: initial }: DescribedParameter): JsonSchema {
  return { description: prose, ...schema, ...(initial !== undefined && { default: initial }) };
}
