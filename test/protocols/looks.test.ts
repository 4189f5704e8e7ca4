/** What panels show of a node: no fact is empty, and none repeats what the look says elsewhere. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { lookOf } from '../../src/kernel/look/look.ts';
import type { Look } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const stories: Readonly<Record<string, readonly [nodes: string, steps: readonly string[]]>> = {
  'swim': ['a: {}, b: {}, c: {}', ['wait 3s', 'crash b', 'wait 3s']],
  'consul-lock': ['s1..s3: server, A: worker', ['wait 1s', 'crash A', 'wait 1s']],
  'spanner': ['a1..a3: replica, C: client', ['wait 1s']],
  'kraft': ['c1..c3: controller, b1: broker', ['wait 3s', 'crash c1', 'wait 1s']],
  'paxos': ['p: proposer, a1..a3: acceptor, l: learner', ['p propose red', 'wait 1s']],
  'etcd-lock': ['e1..e3: replica, A: worker', ['wait 1s', 'crash A', 'wait 1s']],
  'zookeeper-lock': ['z1..z3: server, A: client', ['wait 1s', 'A create /a', 'crash A', 'wait 1s']],
};

/** The looks of all nodes, down ones included, after each step. */
function looks(protocol: string): Look[] {
  const [nodes, steps] = stories[protocol];
  const text =
    `protocol: ${protocol}\nnodes: { ${nodes} }\nseed: 1\nsteps:\n` +
    steps.map((step) => `  - ${step}\n`).join('');
  const { scenario, problems } = parseScenario(text, 'looks', library);
  expect(problems).toEqual([]);
  const all: Look[] = [];
  simulate(scenario!, ({ nodes: slots }) => {
    for (const { cast, state } of slots) all.push(lookOf(cast, state));
  });
  return all;
}

test.each(Object.keys(stories))('%s shows no empty fact', (protocol) => {
  const all = looks(protocol);
  expect(all.length).toBeGreaterThan(0);
  const empty = all.flatMap(({ facts = {} }) =>
    Object.entries(facts).filter(([, value]) => value === null || value === ''));
  expect(empty.slice(0, 3)).toEqual([]);
});

test('a node of Paxos shows its ballot and its value once', () => {
  const repeated = looks('paxos').filter(({ facts = {}, value, epoch }) =>
    Object.entries(facts).some(([name, fact]) =>
      name !== 'maxVBal' && (fact === value || fact === epoch?.value)));
  expect(repeated.slice(0, 3)).toEqual([]);
});

test('a server of ZooKeeper shows its last zxid in hexadecimal', () => {
  const zxids = looks('zookeeper-lock').flatMap(({ facts = {} }) =>
    'zxid' in facts ? [String(facts.zxid)] : []);
  expect(zxids).toContain('0x100000002');
  expect(zxids.filter((text) => !text.startsWith('0x'))).toEqual([]);
});
