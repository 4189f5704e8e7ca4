/**
 * Workspace code reports what it changes, and only that is checked. The reference is the same code
 * in a module that may change objects unseen, whose states are checked as a whole after each call.
 */
import { describe, expect, test } from 'vitest';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { loadProtocol } from '../../src/code/code.ts';
import { strip } from '../../src/code/transform/strip.ts';
import { parsed } from '../../src/code/transform/syntax.ts';
import { writesIn } from '../../src/code/transform/writes.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { draw } from '../../src/kernel/keyed-draw.ts';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { protocolOf } from './run-protocol.ts';

const first =
  '{ "list": [{ "n": 1 }, { "n": 2 }], "map": { "a": { "n": 1 } }, "queue": [0], "other": null, "n": 0 }';

/** One statement each; \`s\` is the state, and \`n\` a number that differs in each call. */
const changes = [
  's.list.push({ n })', 's.list.push(s.list[0])', 's.list.pop()', 's.list.shift()',
  's.list.unshift({ n })', 's.list.length = n % 4', 's.list = s.list.filter(Boolean)',
  's.list = [...s.list, { n }]', 's.list.splice(1, 1, { n })', 's.list[n % 3] = { n }',
  's.list.reverse()', 's.list.sort((a, b) => (a?.n ?? 0) - (b?.n ?? 0))',
  's.list.fill(s.map)', 's.list.copyWithin(0, 1)', 's.other = s.list[0] ?? null',
  's.other = s.map', 's.other = { map: s.map }', 's.other = null',
  'if (s.other) s.other.n = n', 's.map.a.n = n', 's.map[n % 5] = { n }', 'delete s.map.a',
  's.map.a ??= { n: 0 }', '[s.n, s.map.b] = [n, s.list[0] ?? 0]', '({ x: s.map.c } = { x: { n } })',
  'for (s.n of [1, 2]);', 's.n++', 's.map = { ...s.map, d: s.list[1] ?? 0 }',
  'Object.assign(s.map, { e: { n } })', 'Object.freeze(s.map)', 's.map = { a: { n } }',
  's.list.forEach((one) => { if (one && !Object.isFrozen(one)) one.n = n; })',
  'const { list } = s; list.push({ n }); list.shift()', 's.queue.push(n); s.queue.shift()',
  's.list.push(s.list[1] ?? 0); s.list.shift()', 's.queue.push(s.queue)', 's.map.up = s.list', "s['li' + 'st'].push({ n })",
  "s.list['pu' + 'sh']({ n })", 'node.send(from, { type: "Ping", n: s.list })',
  'const one = { n }; s.list.push(one); one.deep = { n }; s.other = one', 's.other?.n && (s.n = n)',
  's.list.push(...[{ n }, { n }])', 's.list.length = 0; s.list.push({ n }, { n })',
  's.map.b = s.map.a; delete s.map.a', 'Object.defineProperty(s.map, "f", { value: { n }, enumerable: true, writable: true, configurable: true })',
].map((one) => `{ ${one} }`);

/** Each makes the state something else than plain data. */
const faults = [
  's.map.a = new Set()', 's.list.push(() => 1)', 's.list.push(new Set()); s.list.shift()', 's.list.push({ deep: [new Map()] })',
  's.map.a = { n: 1n }', 's.self = s', 's.list.push(s)', 's.map.up = { s }',
  'Object.assign(s.map, { e: Symbol() })', 's.list[0] = { get: () => 1 }',
].map((one) => `{ ${one} }`);

function protocolWith(cases: readonly string[], top: string) {
  const ping = `const s = node.state; const n = message.n; switch (message.n % ${cases.length}) {
    ${cases.map((one, index) => `case ${index}: ${one} break;`).join('\n')}
  }`;
  const more = `look: (state: any) => ({ facts: { n: state.n } }),`;
  const source = protocolOf({ top, init: `(${first})`, ping, more })
    .replace("{ doc: 'Go.', parameters: {}, run(node: any, _: any, op: string) {",
      "{ doc: 'Go.', parameters: { n: 'integer' }, run(node: any, args: any, op: string) {")
    .replace('n: 1 });\n      node.reply', 'n: args.n });\n      node.reply');
  return loadProtocol(new Map([['p.ts', source]]), 'p.ts').protocol;
}

type Loaded = ReturnType<typeof protocolWith>;

function begin(protocol: Loaded): World {
  const nodes = ['a', 'b'].map((id) => ({ id, role: 'r', options: {} }));
  const network = { latency: [1, 1], loss: 0, duplicate: 0, reorder: false } as const;
  return start({ protocol, seed: 1, nodes, network }, invariantMonitors(protocol), new Effects());
}

/** Lets `a` send a number to `b`, and returns what became of `b`. */
function send(world: World, n: number) {
  const effects = new Effects();
  const at = world.time + 1;
  step(world, { type: 'invoke', at, node: 'a', operation: 'go', args: { n } }, effects);
  const pending = world.next();
  if (pending) step(world, pending, effects);
  const { state, up } = world.nodes[1];
  return { state: JSON.stringify(state), up, failure: effects.failure?.message };
}

describe('a state that is checked where it changed', () => {
  const seen = protocolWith(changes, '');
  const whole = protocolWith(changes, 'const hidden = Proxy;');

  test('is the state that a check of everything leaves, in random sequences of changes', () => {
    for (let seed = 1; seed <= 150; seed++) {
      let world = begin(seen);
      const reference = begin(whole);
      const sequence: string[] = [];
      for (let i = 1; i <= 25; i++) {
        const n = draw(seed, i) % 10_000;
        sequence.push(changes[n % changes.length]);
        const now = send(world, n);
        expect(now, sequence.join('\n')).toEqual(send(reference, n));
        if (!now.up) break;
        // A copy of the world has objects that were never checked.
        if (draw(seed, -i) % 5 === 0) world = new Snapshot(world).restore();
      }
    }
  });

  test.each(faults)('is refused after %s', (fault) => {
    const cases = [...changes.slice(0, 5), fault];
    const outcomes = ['', 'const hidden = Proxy;'].map((top) => {
      const world = begin(protocolWith(cases, top));
      for (let n = 0; n < 5; n++) send(world, n);
      return send(world, 5);
    });
    expect(outcomes[0].failure).toMatch(/node\.state\./);
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
});

describe('the changes of a module', () => {
  const isComplete = (code: string) => writesIn(parsed(strip('p.ts', code))).isComplete;

  test.each([
    'const { push } = [];', 'const add = list.push;', 'items.forEach(list.push, list);',
    'const { assign } = Object;', 'entries.map(Object.freeze);', 'Array.prototype.push.call(list, 1);',
    '({}).constructor.assign(state, {});', 'new Proxy(list, {});',
    'Object[name](state);', 'const all = Object;', 'a?.list.push(1);', 'list.__proto__ = null;',
    'Object.assign(...both);', 'function f({ splice }) {}', 'const { [name]: change } = list;',
    'function* g() { (yield 1).n = 2; }', 'class A extends B { f() { super.n = 1; } }',
  ])('are not all known after %s', (code) => {
    expect(isComplete(code)).toBe(false);
  });

  test.each([
    'list.push(1);', 'list?.push(1);', 'Object.freeze(list);', 'Object.keys(list);', 'list[i] = 1;',
    "import { fill } from './x.ts'; fill(list);", 'machine.apply(node, entry);', 'f.call(self, 1);',
    'Reflect.apply(f, list, []);',
    'const { length } = list;', 'export enum A { B }', 'export default Object.entries(x);',
    'delete a?.b;', 'new Map(Object.entries(a));', 'const copied = list.toSorted();',
  ])('are known after %s', (code) => {
    expect(isComplete(code)).toBe(true);
  });
});

describe('an invariant that changes a state', () => {
  const run = (check: string, top = '') => {
    const invariant = `'I': { doc: 'd', remember: () => ({ last: null, list: [] as any[] }), check({ nodes, acted, memory }: any) { ${check} return undefined; } }`;
    const more = '';
    const source = protocolOf({ top, init: `(${first})`, ping: 'node.state.n++;', more, invariant });
    const { protocol } = loadProtocol(new Map([['p.ts', source]]), 'p.ts');
    const monitors = invariantMonitors(protocol);
    const nodes = ['a', 'b'].map((id) => ({ id, role: 'r', options: {} }));
    const network = { latency: [1, 1], loss: 0, duplicate: 0, reorder: false } as const;
    const effects = new Effects();
    const world = start({ protocol, seed: 1, nodes, network }, monitors, effects);
    const messages = effects.violations.map(({ reason }) => JSON.stringify(reason));
    return { world, messages };
  };

  test.each([
    ['nodes[0].state.n = 7;', 'nodes[0].state.n'],
    ['acted?.state.n; nodes[1].state.list[0].n++;', 'nodes[1].state.list[0].n'],
    ['nodes[0].state.list.push(1);', 'nodes[0].state.list'],
    ['nodes[0].up = false;', 'nodes[0].up'],
    ['nodes.pop();', 'nodes'],
    ['delete nodes[0].state.map.a;', 'nodes[0].state.map.a'],
    ['Object.assign(nodes[0].state, { n: 1 });', 'nodes[0].state'],
  ])('is refused at %s', (check, path) => {
    const { world, messages } = run(check);
    expect(messages.join()).toContain(`cannot modify ${path}: copy it first`);
    expect(JSON.stringify(world.nodes[0].state)).toBe(JSON.stringify(JSON.parse(first)));
    expect(world.nodes[0].up).toBe(true);
  });

  test.each(['', 'const hidden = Proxy;'])('may store a part of it, and gets a copy %s', (top) => {
    const { world } = run('memory.last ??= nodes[0].state.list; memory.list.push(nodes[0].state.map);', top);
    const [memory] = world.memories as { own: { last: unknown; list: unknown[] } }[];
    expect(memory.own.last).toEqual([{ n: 1 }, { n: 2 }]);
    expect(memory.own.last).not.toBe(world.nodes[0].state.list);
    (world.nodes[0].state.list as unknown[]).push(3);
    (world.nodes[0].state.map as { a: number }).a = 3;
    expect(memory.own).toEqual({ last: [{ n: 1 }, { n: 2 }], list: [{ a: { n: 1 } }] });
  });
});
