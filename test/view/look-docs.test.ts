/** What the values in pictures mean is declared by the protocol: for all that a protocol explains. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { ClusterView, RoleView } from '../../src/view/cluster/cluster-view.ts';
import { valueName } from '../../src/view/cluster/value-name.ts';
import { clusterOf } from '../../src/view/cluster.ts';
import { logsOf } from '../../src/view/logs/logs-source.ts';
import { nodeTitle } from '../../src/view/panel-words/cluster.ts';
import { cellText, markTitle } from '../../src/view/panel-words/logs.ts';
import { sessionOf } from '../session/sessions.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const read = (name: string) => readFileSync(path.join(samples, name), 'utf8');

/** Names that the protocol does not choose: those of keys, and of what clients do. */
const ofUsers: Readonly<Record<string, readonly string[]>> = {
  learner: ['*ballot'], worker: ['*'], client: [], producer: ['*'], consumer: ['*'],
};

/** The values that pictures of a run show, and that their roles do not explain. */
function unexplained(text: string): string[] {
  const session = sessionOf(text);
  session.run(untilBreakpoint);
  const found = new Set<string>();
  for (let share = 0; share <= 20; share++) {
    session.goto(Math.round((session.length * share) / 20));
    for (const name of missing(clusterOf(session))) found.add(name);
  }
  return [...found].sort();
}

function missing({ nodes, roles }: ClusterView): string[] {
  const roleOf = (name: string): RoleView => roles.find((role) => role.name === name)!;
  return nodes.flatMap((node) => {
    const { values, standings, doc } = roleOf(node.role);
    const isFree = ofUsers[node.role]?.includes('*');
    const shown = [
      ...node.facts.map(({ name }) => name),
      ...node.shown.filter(({ type }) => type === 'votes').map(valueName),
    ].filter((name) => !isFree && !(node.role === 'learner' && /^\d/.test(name)));
    const isExplained = node.standing === '' || standings.some(({ name }) => name === node.standing);
    return [
      ...(doc === '' ? [node.role] : []),
      ...(isExplained ? [] : [`${node.role}: ${node.standing}`]),
      ...shown.filter((name) => !Object.hasOwn(values, name)).map((name) => `${node.role}.${name}`),
    ];
  });
}

test.each([
  'raft/replicate-one-write.scenario.yaml', 'raft/figure-8.scenario.yaml',
  'multi-paxos/leader-change.scenario.yaml', 'paxos/duel-ends.scenario.yaml',
  'paxos/learner-asks.scenario.yaml', 'zookeeper/highest-zxid.scenario.yaml',
  'consul/leader-crash.scenario.yaml', 'distributed-locks/etcd-leader-crash.scenario.yaml',
  'kafka/controller-change.scenario.yaml',
])('of %s', (name) => {
  expect(unexplained(read(name))).toEqual([]);
});

const session = sessionOf(read('raft/replicate-one-write.scenario.yaml'));
session.run(untilBreakpoint);

test('a node, its standing, and the marks and no-op of a log explain themselves', () => {
  const cluster = clusterOf(session);
  const leader = cluster.nodes.find(({ standing }) => standing === 'leader')!;
  const role = cluster.roles.find(({ name }) => name === leader.role)!;
  expect(nodeTitle(leader, role)).toContain('leader: It handles all requests of clients');
  expect(role.standings.map(({ name }) => name)).toEqual(['follower', 'candidate', 'leader']);
  expect(role.values.votedFor).toMatch(/^The candidate that got its vote/);
  const view = logsOf(session, { type: 'newest', count: 10 });
  const [group] = view.groups;
  const marked = group!.logs.find(({ marks }) => marks.length > 0)!;
  expect(markTitle(marked.marks[0]!, 'next', group!)).toMatch(/next \d+\nnextIndex: /);
  expect(markTitle(marked.marks[0]!, 'match', group!)).toMatch(/match \d+.*\nmatchIndex: /);
  const first = marked.entries[0]!;
  expect(first.label).toBe('no-op');
  expect(cellText(marked, 1, first, false, group!.docs)).toMatch(/\. no-op: It changes nothing/);
});
