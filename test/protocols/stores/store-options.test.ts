/** Settings that the chosen replication does not have are refused, with the reason. */
import { expect, test } from 'vitest';
import { library } from '../../../src/protocols/library.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';

function problemsOf(options: string, client = '{ role: client }'): string[] {
  const text = `protocol: register-store
options: ${options}
nodes: { n1..n3: server, c1: ${client} }
seed: 1
steps: [c1 read x]
`;
  return parseScenario(text, 'a.scenario.yaml', library).problems.map(({ message }) => message);
}

test('settings of another replication are refused', () => {
  expect(problemsOf('{ replication: single, readQuorum: 2 }')[0]).toBe(
    '`readQuorum` has no effect with `replication: single`: it is a setting of `quorum`',
  );
  expect(problemsOf('{ replication: quorum, synchronousFollowers: 1 }')[0]).toContain('no effect');
  expect(problemsOf('{ replication: quorum }', '{ role: client, readFrom: leader }')).toEqual([
    '`readFrom: leader` needs `replication: leader`',
  ]);
});

test('settings that do not fit together are refused', () => {
  expect(problemsOf('{ replication: quorum, copies: 3, readQuorum: 4 }')[0]).toBe(
    '`readQuorum` is 4, and a register has 3 copies',
  );
  expect(problemsOf('{ replication: quorum, sloppy: true }')[0]).toContain('needs `copies`');
  expect(problemsOf('{ replication: leader }', '{ role: client, sessionBy: versions }')).toEqual([
    '`sessionBy` has no effect without `session`',
  ]);
  const session = '{ role: client, session: [monotonic-writes] }';
  expect(problemsOf('{ replication: leader }', session)[0]).toContain('the leader orders all writes');
});

test('settings of sessions and routes that have no effect are refused', () => {
  const causal = (client: string) => problemsOf('{ replication: causal }', `{ role: client, ${client} }`)[0];
  expect(causal('session: [default, monotonic-reads]')).toBe(
    '`session` is `default` or a list of guarantees, not both',
  );
  expect(causal('session: [monotonic-reads], sessionBy: versions')).toContain(
    '`sessionBy` has no effect with `replication: causal`',
  );
  expect(causal('near: n1, readFrom: in-turn, writeTo: any')).toBe(
    '`near` has no effect if neither `readFrom` nor `writeTo` is `nearest`',
  );
  const quorum = problemsOf('{ replication: quorum }', '{ role: client, session: [monotonic-reads] }');
  expect(quorum[0]).toContain('it is a setting of `leader` and `causal`');
});

test('what fits is accepted', () => {
  const client = '{ role: client, near: n1, readFrom: in-turn, session: [] }';
  expect(problemsOf('{ replication: causal }', client)).toEqual([]);
  expect(problemsOf('{ replication: quorum, copies: 3, writeBack: true }')).toEqual([]);
  const session = '{ role: client, readFrom: any, session: [read-your-writes], sessionBy: versions }';
  expect(problemsOf('{ replication: leader, synchronousFollowers: 1 }', session)).toEqual([]);
});
