/** What a role shows of a node: garbage of an author never reaches a panel, and has a message. */
import { expect, test } from 'vitest';
import { inspectLook, inspectRank, lookOf } from '../../src/kernel/look/look.ts';
import { compareEpochs } from '../../src/kernel/data/epoch-order.ts';
import { lookProblemText } from '../../src/kernel/text/look-text.ts';
import { library } from '../../src/protocols/library.ts';
import { start } from '../../src/kernel/step.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import type { Json, Look, Role } from '../../src/protocol/types.ts';

const identity = { id: 'n1', options: {}, peers: [], nodes: () => [] };
const roleOf = (role: object) => ({ role: role as unknown as Role, identity });
const inspect = (look: () => unknown) => inspectLook(roleOf({ look }), {});

const cyclic: Record<string, unknown> = { name: 'x' };
cyclic.self = cyclic;
const entry = (index: number) => ({ epoch: 1, value: `x${index}` });
const log = { first: 1, last: 2, committed: 1, applied: 0, entry };
const oldLog = { entries: [{ term: 1, command: 'x' }], first: 1, committed: 1, applied: 0 };

test.each<[string, () => unknown, Look, string]>([
  [
    'an error',
    () => {
      throw new Error('boom');
    },
    {},
    'look of role holder threw for n1: boom',
  ],
  [
    'a getter that throws',
    () => ({
      get standing() {
        throw new Error('boom');
      },
    }),
    {},
    'look of role holder threw for n1: boom',
  ],
  ['nothing', () => undefined, {}, 'returned undefined for n1: it must return an object'],
  ['null', () => null, {}, 'returned null for n1: it must return an object'],
  ['a string', () => 'leader', {}, 'returned "leader" for n1: it must return an object'],
  ['a list', () => [], {}, 'returned [] for n1: it must return an object'],
  ['a promise', () => Promise.resolve({}), {}, 'returned a Promise for n1: it must return an object'],
  ['a standing', () => ({ standing: 5 }), {}, 'returned the standing 5 for n1: it must be a string'],
  [
    'a tone',
    () => ({ standing: 'leader', tone: 'bright' }),
    { standing: 'leader' },
    'returned the tone "bright" for n1: it must be one of lead, bid, follow, none',
  ],
  ['an epoch', () => ({ epoch: null }), {}, 'returned the epoch null for n1: it must be a name and'],
  ['an epoch', () => ({ epoch: { name: 'term' } }), {}, 'the epoch {name: "term"} for n1'],
  ['facts', () => ({ facts: [1] }), {}, 'returned the facts [1] for n1: it must be an object'],
  [
    'a fact that is a function',
    () => ({ facts: { a: 1, act: () => 1 } }),
    { facts: { a: 1, act: 'a function' } },
    'returned the facts.act a function for n1: it must be plain data',
  ],
  [
    'a fact that is a Map',
    () => ({ facts: { seen: [new Map()] } }),
    { facts: { seen: '[a Map]' } },
    'returned the facts.seen [a Map] for n1: it must be plain data',
  ],
  ['votes', () => ({ votes: 2 }), {}, 'returned the votes 2 for n1: it must be two counts'],
  ['votes', () => ({ votes: { granted: -1, needed: 2 } }), {}, 'it must be two counts'],
  ['a lease', () => ({ lease: { name: 'x' } }), {}, 'the lease {name: "x"} for n1: it must be a name'],
  ['a lease', () => ({ lease: [{ name: 'x', until: Infinity }] }), {}, 'a time in microseconds'],
  ['a lease', () => ({ lease: { name: 'x', until: 5, of: 1 } }), {}, 'it may have a string as `of`'],
  ['a holder', () => ({ holder: 'A' }), {}, 'returned the holder "A" for n1: it must be what is held'],
  ['a holder', () => ({ holder: [{ of: 'x', is: null }] }), {}, 'it must be what is held'],
  ['a holder', () => ({ holder: { of: 'x', is: 'A', own: 1 } }), {}, 'each may have own, token, next'],
  ['a holder', () => ({ holder: { of: 'x', is: 'A', next: 'B' } }), {}, 'it must be what is held'],
  ['a holder', () => ({ holder: { of: 'x', is: 'A', toString: 1 } }), {}, 'it must be what is held'],
  ['an authority', () => ({ authority: true }), {}, 'the authority true for n1: it must be an object'],
  ['an authority', () => ({ authority: { version: '3' } }), {}, 'that may have a version: {} or'],
  ['an authority', () => ({ authority: { needed: 2 } }), {}, 'that may have a version: {} or'],
  ['an interval', () => ({ interval: { name: 'TT' } }), {}, 'it must be a name and four numbers'],
  [
    'a value',
    () => ({ value: new Set() }),
    { value: 'a Set' },
    'returned the value a Set for n1: it must be plain data',
  ],
  ['a token', () => ({ token: '7' }), {}, 'returned the token "7" for n1: it must be a number'],
  [
    'a field that nothing shows',
    () => ({ standing: 'leader', vote: 1 }),
    { standing: 'leader' },
    'returned an unknown field "vote" for n1: its fields are standing, tone, epoch, votes, others, lease',
  ],
  ['a log', () => ({ log: 'x' }), {}, 'returned the log "x" for n1: it must be the integers `first`'],
  ['a log', () => ({ log: { ...log, first: null } }), {}, 'for n1: it must be the integers `first`'],
  ['a log', () => ({ log: { ...log, entry: [] } }), {}, 'and a function `entry(index)`'],
  ['a log', () => ({ log: { ...log, last: -1 } }), {}, 'the log.last -1 for n1: it must be at least 0'],
  [
    'a log with entries',
    () => ({ log: oldLog }),
    {},
    'returned log.entries for n1: it is now `last`, the index of the last entry, and `entry(index)`',
  ],
])('%s: what is usable is shown, and the mistake has a message', (_, look, usable, message) => {
  const { look: shown, problem } = inspect(look);
  expect(shown).toEqual(usable);
  expect(lookProblemText(problem!, 'holder', 'n1')).toContain(message);
});

test.each<[string, (index: number) => unknown, Json, string]>([
  ['nothing', () => undefined, 'undefined', 'the log.entry(2) undefined for n1: it must be an entry'],
  ['no value', () => ({ epoch: 1 }), '{epoch: 1}', 'the log.entry(2) {epoch: 1} for n1'],
  ['a wrong epoch', () => ({ epoch: [], value: 1 }), '{epoch: [], value: 1}', 'must be an entry'],
  ['a function', () => ({ value: () => 1 }), 'a function', 'log.entry(2).value a function for n1'],
  [
    'an error',
    () => {
      throw new Error('boom');
    },
    '"boom"',
    'look of role holder threw for n1: boom',
  ],
])('an entry of a log that is %s is shown as far as it can be', (_, wrong, value, message) => {
  const faulty = (index: number) => (index === 2 ? wrong(index) : entry(index));
  const { look, problem } = inspect(() => ({ log: { ...log, entry: faulty } }));
  expect(look.log!.entry(1)).toEqual({ epoch: 1, value: 'x1' });
  expect(look.log!.entry(2)).toEqual({ value });
  expect(lookProblemText(problem!, 'holder', 'n1')).toContain(message);
});

test('a log is not copied, and only the entries that are drawn are read', () => {
  const read: number[] = [];
  const long = {
    ...log,
    last: 1_000_000,
    entry: (index: number) => {
      read.push(index);
      return entry(index);
    },
  };
  const { log: shown } = lookOf(roleOf({ look: () => ({ log: long }) }), {});
  expect(read).toEqual([]);
  expect(shown!.entry(7)).toEqual({ epoch: 1, value: 'x7' });
  expect(read).toEqual([7]);
});

test('every field that is right is shown', () => {
  const right: Look = {
    standing: 'leader',
    tone: 'lead',
    epoch: { name: 'ballot', value: '3.n1' },
    votes: { granted: 2, needed: 3 },
    lease: [{ name: 'leader lease', until: 5_000_000 }, { name: 'TTL', until: 5, of: 'x' }],
    holder: [
      { of: 'x', is: 'A' },
      {
        of: 'y', is: 'B', own: true, token: 3, next: ['C'], shared: false, needed: 2, version: 7,
      },
    ],
    authority: { version: 7 },
    value: { x: 1 },
    token: 33,
    facts: { a: 1 },
  };
  expect(inspect(() => right)).toEqual({ look: right });
  const [lease, holder] = [[right.lease].flat()[0]!, [right.holder].flat()[0]!];
  expect(inspect(() => ({ lease, holder }))).toEqual({
    look: { lease: [lease], holder: [holder] },
  });
});

test.each<[string | number, string | number, number]>([
  [2, 10, -1],
  ['2.n1', '10.n1', -1],
  ['2.n2', '2.n10', -1],
  ['2.n1', '2.n1', 0],
  ['3.n1', '2.n9', 1],
  ['2', '2.n1', -1],
  [3, '2.n1', 1],
])('the order of epochs: %s and %s', (one, other, order) => {
  expect(Math.sign(compareEpochs(one, other))).toBe(order);
  expect(Math.sign(compareEpochs(other, one)) + order).toBe(0);
});

test('what refers to itself ends', () => {
  const { look, problem } = inspect(() => ({ facts: { cyclic } }));
  expect(String(look.facts!.cyclic).length).toBeLessThanOrEqual(200);
  expect(problem).toMatchObject({ type: 'field', field: 'facts.cyclic' });
});

test('what is huge becomes short, which is not a mistake', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, i]));
  const list = Array.from({ length: 100_000 }, (_, i) => [i]);
  const text = 'x'.repeat(1_000_000);
  const { look, problem } = inspect(() => ({ standing: text, facts: { list, text, ...many } }));
  expect(problem).toBeUndefined();
  expect(JSON.stringify(look).length).toBeLessThan(2_000);
});

test('a role without look shows nothing', () => {
  expect(inspectLook(roleOf({}), {})).toEqual({ look: {} });
});

const epoch = { name: 'term', value: 2 };
test.each<[string, () => unknown, Look, string | undefined]>([
  ['both', () => ({ standing: 'leader', epoch, facts: 5 }), { standing: 'leader', epoch }, undefined],
  ['neither', () => ({}), {}, undefined],
  ['a wrong standing', () => ({ standing: 5, epoch }), { epoch }, 'field'],
  ['a wrong epoch', () => ({ standing: 'leader', epoch: null }), { standing: 'leader' }, 'field'],
  ['null', () => null, {}, 'not an object'],
  ['a string', () => 'leader', {}, 'not an object'],
  [
    'an error',
    () => {
      throw new Error('boom');
    },
    {},
    'threw',
  ],
])('conditions read only the standing and the epoch: %s', (_, look, usable, problem) => {
  const rank = inspectRank(roleOf({ look }), {});
  expect(rank.look).toEqual(usable);
  expect(rank.problem?.type).toBe(problem);
  expect(inspectRank(roleOf({}), {})).toEqual({ look: {} });
});

test.each(library)('what $name shows is without a mistake', (protocol) => {
  const nodes = Object.keys(protocol.roles).map((role) => ({ id: role, role }));
  const world = start({ protocol, seed: 1, nodes, network: defaultNetwork });
  for (const { cast, state, role } of world.nodes) {
    const { look, problem } = inspectLook(cast, state);
    expect(problem, role).toBeUndefined();
    // Functions are never equal.
    expect(JSON.stringify(look)).toEqual(JSON.stringify(lookOf(cast, state)));
  }
});
