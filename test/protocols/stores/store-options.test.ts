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

test('what fits is accepted', () => {
  expect(problemsOf('{ replication: quorum, copies: 3, writeBack: true }')).toEqual([]);
  const session = '{ role: client, readFrom: any, session: [read-your-writes], sessionBy: versions }';
  expect(problemsOf('{ replication: leader, synchronousFollowers: 1 }', session)).toEqual([]);
});
