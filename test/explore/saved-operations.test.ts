/** A saved finding can say every operation, whatever the kinds of its arguments. */
import { expect, test } from 'vitest';
import type { Action } from '../../src/kernel/action.ts';
import { operationText } from '../../src/explore/saved/operation-text.ts';
import { library } from '../../src/protocols/library.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';

/** Values of each kind of argument that are not read as they are printed by JSON. */
const values: Record<string, readonly Json[]> = {
  'string': ['x', 'a/x', 'two words', '[a, b]', 'within', 'k=v', '1', '"', 'SELECT * FROM t'],
  'value': ['x', 7, -1, true, '7', 'true', 'a b'],
  'integer': [0, 1, 20],
  'duration': [0, 1, 30_000, 1_000_000, 1_234_567],
  'boolean': [true, false],
  'node': ['n1'],
};

function argumentsOf(kind: string): readonly Json[] {
  const item = kind.replace(/\?$/, '').replace(/\[\]$/, '');
  if (!kind.includes('[]')) return values[item];
  return [[], ...values[item].map((one) => [one]), values[item].slice(0, 3)];
}

/** Each value of each parameter, the others having their first. */
function* invocations(parameters: Readonly<Record<string, string>>): Generator<Record<string, Json>> {
  const kinds = Object.entries(parameters) as [string, string][];
  const first = Object.fromEntries(kinds.map(([name, kind]) => [name, argumentsOf(kind)[0]]));
  yield first;
  for (const [name, kind] of kinds) {
    for (const value of argumentsOf(kind)) yield { ...first, [name]: value };
    if (kind.endsWith('?')) {
      const { [name]: _left, ...others } = first;
      yield others;
    }
  }
}

function unsaid(protocol: Protocol): string[] {
  const found: string[] = [];
  for (const [role, { operations = {} }] of Object.entries(protocol.roles)) {
    const context = { protocol, nodes: [{ id: 'n1', role }] };
    for (const [operation, one] of Object.entries(operations)) {
      for (const args of invocations(one.parameters)) {
        if (one.fault?.(args as never, () => role) !== undefined) continue;
        const action = { type: 'invoke', at: 0, node: 'n1', operation, args } as Action;
        const text = operationText(action as never, context as never);
        if (text === undefined) found.push(`${role} ${operation} ${JSON.stringify(args)}`);
      }
    }
  }
  return found;
}

test.each(library.map((one) => [one.name, one] as const))('%s', (_name, protocol) => {
  expect(unsaid(protocol)).toEqual([]);
});
