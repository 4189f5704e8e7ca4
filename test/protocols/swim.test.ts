/** SWIM in detail: which update overrides which, how long a suspicion lasts, how a story goes. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { verdictReason } from '../../src/check/verdict-words.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import { library } from '../../src/protocols/library.ts';
import type { Status } from '../../src/protocols/swim/state.ts';
import { suspicionBounds, suspicionTimeout } from '../../src/protocols/swim/suspicion.ts';
import { swim } from '../../src/protocols/swim/swim.ts';
import { overrides } from '../../src/protocols/swim/updates.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { expectGolden } from '../golden.ts';
import { Cluster } from './cluster.ts';

/** The reasons of all violated verdicts, with each of a few seeds. */
function violated(nodes: string, steps: readonly string[], expectations: readonly string[] = []) {
  const lines = (list: readonly string[]) => list.map((line) => `  - ${line}\n`).join('');
  const expected = expectations.length > 0 ? `expect:\n${lines(expectations)}` : '';
  return [1, 2, 3].flatMap((seed) => {
    const text = `protocol: swim\nnodes: ${nodes}\nseed: ${seed}\nsteps:\n${lines(steps)}${expected}`;
    const { scenario, problems } = parseScenario(text, 'story', library);
    expect(problems).toEqual([]);
    const { verdicts } = simulate(scenario!);
    return verdicts.flatMap((one) => (one.type === 'violated' ? [verdictReason(one)!] : []));
  });
}

const holds = (...story: Parameters<typeof violated>) => expect(violated(...story)).toEqual([]);

describe('an update overrides another one', () => {
  /** By how much the incarnation must be higher; undefined if none is high enough. */
  function needs(status: Status, known: Status, isFinal: boolean): number | undefined {
    return [-5, -1, 0, 1].find((more) => overrides(
      { member: 'n1', by: 'n2', status, incarnation: 7 + more },
      { status: known, incarnation: 7 },
      isFinal,
    ));
  }

  test.each<[Status, Status, number | undefined, number | undefined]>([
    // The last two columns: as in memberlist, and with a death that is final as in the paper.
    ['alive', 'alive', 1, 1],
    ['alive', 'suspect', 1, 1],
    ['alive', 'dead', 1, undefined],
    ['alive', 'left', 1, undefined],
    ['suspect', 'alive', 0, 0],
    ['suspect', 'suspect', 1, 1],
    ['suspect', 'dead', undefined, undefined],
    ['dead', 'alive', 0, -5],
    ['dead', 'suspect', 0, -5],
    ['dead', 'dead', undefined, undefined],
  ])('%s over %s', (status, known, more, moreIfFinal) => {
    expect(needs(status, known, false)).toBe(more);
    expect(needs(status, known, true)).toBe(moreIfFinal);
  });
});

describe('a suspicion', () => {
  const times = (size: number, lifeguard: boolean) => {
    const bounds = suspicionBounds(size, { protocolPeriod: 1_000_000, suspicionMult: 4, lifeguard });
    return [0, 1, 2, 3].map((confirmations) => suspicionTimeout(bounds, confirmations) / 1e6);
  };

  test('lasts as long as in memberlist', () => {
    expect(times(5, true)).toEqual([24, 11.381405, 4, 4]);
    expect(times(100, true).slice(0, 3)).toEqual([48, 22.76281, 8]);
    expect(times(3, true)).toEqual([4, 4, 4, 4]);
    expect(times(100, false)).toEqual([8, 8, 8, 8]);
  });

  test('is shortened by other accusers', () => {
    const nodes = '{ n1..n5: { role: member, lifeguard: true } }';
    holds(nodes, ['wait 1s', 'crash n5', 'wait 40s'], [
      'event SuspicionConfirmed where event.member == "n5" && event.confirmations == 1',
      'event MemberDied where event.member == "n5" && time < 25.0',
    ]);
  });
});

test('a member that is slow itself trusts its own probes less, with lifeguard', () => {
  const nodes = '{ n1..n5: { role: member, lifeguard: true } }';
  holds(nodes, ['wait 1s', 'unplug n3 for 3s', 'wait 60s'], [
    'event HealthChanged at n3 where event.score > 1',
    'event HealthChanged at n3 where event.score == 0',
    'no event FalseDeath',
  ]);
});

test('a member joins, leaves, and joins again; what is not possible is refused', () => {
  holds(
    '{ n1..n4: { role: member, bootstrap: false } }',
    [
      'n4 members', 'n2 join n1', 'n3 join n2', 'wait 1s', 'n4 join n1 answers OK', 'n4 join n4 fails', 'wait 2s', 'n4 leave',
      'n4 leave fails', 'wait 5s', 'n4 join n2 answers OK', 'wait 3s',
    ],
    [
      'event MemberJoined at n3 where event.member == "n4"', 'event MemberLeft at n3',
      'event MemberReturned at n3 where event.was == "left" && event.incarnation == 1',
      'no event MemberSuspected',
    ],
  );
});

test('a member that leaves while it joins has left', () => {
  holds(
    '{ n1: member, n2: { role: member, bootstrap: false } }',
    ['crash n1', 'start n2 join n1', 'wait 2s', 'n2 leave', 'wait 2s'],
    ['end: n2.state.hasLeft && n2.state.joining == null'],
  );
});

test('a member that answers no list cannot be joined through', () => {
  const [why] = violated('{ n1: member, n2: { role: member, bootstrap: false } }', [
    'crash n1', 'n2 join n1 answers OK',
  ]);
  expect(why).toContain('n1 did not answer within 10 s');
});

test('a crash, step by step', () => {
  const options = { gossipInterval: 0, pushPullInterval: 0, reconnectInterval: 0 };
  const nodes = ['n1', 'n2', 'n3', 'n4'].map((id): NodeSetup => ({ id, role: 'member', options }));
  const cluster = new Cluster({ protocol: swim, seed: 2, nodes, network: defaultNetwork });
  cluster.run('1500ms');
  cluster.do('crash n4');
  cluster.untilEvent('MemberDied', 'n1');
  cluster.until(() => ['n2', 'n3'].every((id) =>
    (cluster.world.node(id)!.state as never as { members: Record<string, { status: Status }> })
      .members.n4.status === 'dead'));
  expect(cluster.violations).toEqual([]);
  expectGolden(import.meta.url, 'swim-crash', cluster.lines.join('\n'));
});
