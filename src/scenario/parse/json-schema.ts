/** The JSON Schema of scenario files, derived from their shape, for completion in editors. */
import type { Json } from '../../protocol/types.ts';
import { scenarioShape } from './shape.ts';

/** The parts of a valibot schema that shapes use. */
interface Described {
  type: string;
  kind: string;
  pipe?: Described[];
  description?: string;
  requirement?: unknown;
  wrapped?: Described;
  options?: Described[];
  item?: Described;
  value?: Described;
  entries?: Record<string, Described>;
}

type Schema = Record<string, Json>;

export function scenarioJsonSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Lockstep scenario',
    description: 'A scenario of a distributed protocol that Lockstep runs and steps through.',
    ...schemaOf(scenarioShape as unknown as Described),
  };
}

function schemaOf(shape: Described): Schema {
  const [first, ...rest] = shape.pipe ?? [shape];
  const schema = plainSchemaOf(first);
  for (const part of rest) Object.assign(schema, refinement(part));
  return schema;
}

function plainSchemaOf(shape: Described): Schema {
  switch (shape.type) {
    case 'optional':
      return schemaOf(shape.wrapped!);
    case 'union':
      return { anyOf: shape.options!.map(schemaOf) };
    case 'array':
      return { type: 'array', items: schemaOf(shape.item!) };
    case 'record':
      return { type: 'object', additionalProperties: schemaOf(shape.value!) };
    case 'strict_object':
    case 'loose_object':
      return objectSchema(shape);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return { type: shape.type };
    case 'picklist':
      return { type: 'string', enum: shape.options as unknown as readonly string[] };
    default:
      throw new Error(`no JSON Schema for shapes of type ${shape.type}`);
  }
}

function objectSchema(shape: Described): Schema {
  const entries = Object.entries(shape.entries!);
  const required = entries.filter(([, entry]) => entry.type !== 'optional').map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, entry]) => [name, schemaOf(entry)])),
    ...(required.length > 0 && { required }),
    ...(shape.type === 'strict_object' && { additionalProperties: false }),
  };
}

function refinement(part: Described): Schema {
  switch (part.type) {
    case 'description':
      return { description: part.description ?? '' };
    case 'integer':
      return { type: 'integer' };
    case 'min_value':
      return { minimum: Number(part.requirement) };
    case 'max_value':
      return { maximum: Number(part.requirement) };
    case 'regex':
      return { pattern: (part.requirement as RegExp).source };
    default:
      throw new Error(`no JSON Schema for refinements of type ${part.type}`);
  }
}
