// The published JSON Schema follows the shape of scenario files; UPDATE_GOLDEN=1 rewrites it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/parse/json-schema.ts';

const file = fileURLToPath(new URL('../../src/scenario/scenario.schema.json', import.meta.url));

test('the JSON Schema is the one made from the shape', () => {
  const made = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, made);
  expect(readFileSync(file, 'utf8')).toBe(made);
});

test('every setting has a description', () => {
  const { properties } = scenarioJsonSchema() as {
    properties: Record<string, { description?: string }>;
  };
  for (const [name, property] of Object.entries(properties)) {
    expect(property.description, name).toMatch(/^.{10,}/);
  }
});
