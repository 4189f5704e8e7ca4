/** What a role shows of a node: garbage of an author never reaches a panel, and has a message. */
import { expect, test } from 'vitest';
import { inspectLook, inspectRank, lookOf } from '../../src/kernel/look.ts';
import { lookProblemText } from '../../src/kernel/text/look-text.ts';
import { library } from '../../src/protocols/library.ts';
import { start } from '../../src/kernel/step.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import type { Look, Role } from '../../src/protocol/types.ts';

const inspect = (look: () => unknown) => inspectLook({ look } as unknown as Role, {});

const cyclic: Record<string, unknown> = { name: 'x' };
cyclic.self = cyclic;
const log = { entries: [{ term: 1, command: 'x' }], first: 1, committed: 1, applied: 0 };

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
  ['a log', () => ({ log: 'x' }), {}, 'returned the log "x" for n1: it must be a list `entries`'],
  ['a log', () => ({ log: { ...log, first: null } }), {}, 'for n1: it must be a list `entries`'],
  [
    'a log entry',
    () => ({ log: { ...log, entries: [...log.entries, null] } }),
    {},
    'returned the log.entries[1] null for n1: it must be a term and a command',
  ],
])('%s: what is usable is shown, and the mistake has a message', (_, look, usable, message) => {
  const { look: shown, problem } = inspect(look);
  expect(shown).toEqual(usable);
  expect(lookProblemText(problem!, 'holder', 'n1')).toContain(message);
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
  expect(inspectLook({} as Role, {})).toEqual({ look: {} });
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
  const rank = inspectRank({ look } as unknown as Role, {});
  expect(rank.look).toEqual(usable);
  expect(rank.problem?.type).toBe(problem);
  expect(inspectRank({} as Role, {})).toEqual({ look: {} });
});

test.each(library)('what $name shows is without a mistake', (protocol) => {
  const nodes = Object.keys(protocol.roles).map((role) => ({ id: role, role }));
  const world = start({ protocol, seed: 1, nodes, network: defaultNetwork });
  for (const { cast, state, role } of world.nodes) {
    const { look, problem } = inspectLook(cast.role, state);
    expect(problem, role).toBeUndefined();
    expect(look).toEqual(lookOf(cast.role, state));
    expect(look).toEqual(cast.role.look?.(state) ?? {});
  }
});
