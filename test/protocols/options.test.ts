/** The settings of the built-in protocols have ranges, and a senseless value is refused. */
import { expect, test } from 'vitest';
import type { Protocol, Role } from '../../src/protocol/types.ts';
import type { OptionSpec } from '../../src/protocol/values.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

interface Option {
  readonly protocol: Protocol;
  readonly role: string;
  readonly name: string;
  readonly spec: OptionSpec;
}

const options = library.flatMap((protocol): Option[] =>
  Object.entries(protocol.roles as Record<string, Role>).flatMap(([role, { options: specs = {} }]) =>
    Object.entries(specs as Record<string, OptionSpec>).map(([name, spec]) => {
      return { protocol, role, name, spec };
    }),
  ),
);

const limited = options.filter(({ spec }) => {
  // Strings have no order that a scenario could rely on.
  if (spec.kind === 'list' && spec.of === 'string') return false;
  return !['boolean', 'choice', 'node'].includes(spec.kind);
});

test.each(limited)('$protocol.name, $role: $name has a least value, which its default keeps', ({ spec }) => {
  if (!('min' in spec) || spec.min === undefined) throw new Error('it has no `min`');
  const [low, high] = Array.isArray(spec.default) ? spec.default : [spec.default, spec.default];
  expect(low).toBeGreaterThanOrEqual(spec.min);
  expect(high).toBeLessThanOrEqual(spec.max ?? Infinity);
});

/** The messages and hints of the problems of a scenario with these nodes and settings. */
function problemsOf(protocol: string, nodes: string, settings = '{}'): string[] {
  const source = `protocol: ${protocol}\nnodes: ${nodes}\noptions: ${settings}\n`;
  const { problems } = parseScenario(source, 'x.yaml', library);
  return problems.map(({ line, message, hint }) => `${line}: ${message} (${hint})`);
}

test.each([
  ['redlock', '{ r1: redis, A: { role: worker, driftPercent: 100 } }', 'at most 99'],
  ['redlock', '{ r1: redis, A: { role: worker, retryDelay: 0s } }', 'at least 1ms'],
  ['redlock', '{ r1: redis, A: { role: worker, nodeTimeout: 0s } }', 'at least 1ms'],
  ['redis-lock', '{ r1: redis, A: { role: worker, timeout: 0s } }', 'at least 1ms'],
  ['redis', '{ r1: redis, B: client, A: { role: client, server: B } }',
    'must name a redis or a replica, not'],
  ['redis-lock', '{ r1: { role: redis, tokensFrom: 0 }, A: worker }', 'at least 1, and not 0'],
  ['fenced-lock', '{ l: { role: lockServer, tokensFrom: -1 }, A: worker }', 'at least 1, and not'],
  ['database', '{ d: { role: database, items: 5000 }, A: client }', 'at most 1000'],
  ['database', '{ d: { role: database, stock: 2147483648 }, A: client }', 'at most 2147483647'],
  ['database', '{ d: database, A: { role: client, lockTtl: 0s } }', 'at least 1ms'],
  ['database', '{ d: database, A: { role: client, retryAfter: 0s..1s } }', 'at least 1ms'],
])('%s refuses %s', (protocol, nodes, words) => {
  expect(problemsOf(protocol, nodes)).toEqual([expect.stringContaining(words)]);
});

test.each(['raft', 'etcd-lock'])('%s: a heartbeat is shorter than any election timeout', (name) => {
  const refusal = '`heartbeatInterval` must be below `electionTimeout`, and not';
  const both = '{ heartbeatInterval: 1s, electionTimeout: 500ms..2s }';
  // Reported once, where the setting is, although it is wrong for each node.
  expect(problemsOf(name, '{ n1..n3: replica }', both)).toEqual([
    expect.stringMatching(`^3: ${refusal} 1s \\(500ms is the shortest \`electionTimeout\``),
  ]);
  expect(problemsOf(name, '{ n1: replica, n2: { role: replica, electionTimeout: 10ms..9s } }')).toEqual([
    expect.stringMatching(`^2: ${refusal} .*10ms is the shortest`),
  ]);
  expect(problemsOf(name, '{ n1: { role: replica, heartbeatInterval: 1999ms } }', both)).toEqual([
    expect.stringMatching(`^2: ${refusal} 1.999s`),
  ]);
  const fast = '{ heartbeatInterval: 10ms, electionTimeout: 11ms..11ms }';
  expect(problemsOf(name, '{ n1..n3: replica }', fast)).toEqual([]);
});
