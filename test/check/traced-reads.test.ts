/** An invariant whose reads are noted does what it does otherwise: its memory becomes the same. */
import { describe, expect, test } from 'vitest';
import { FieldMonitor } from '../../src/check/field-reads.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { loadProtocol } from '../../src/code/code.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { draw } from '../../src/kernel/keyed-draw.ts';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { Monitor } from '../../src/kernel/world.ts';
import { protocolOf } from '../code/run-protocol.ts';

/** One statement each; `m` is the memory, `s` a state, and `n` the number of the step. */
const statements = [
  'm.list.push({ n })', 'm.list.push(m.list[0] ?? 0)', 'm.list.pop()', 'm.list = [...m.list, { n }]',
  'm.list.splice(1, 1, { n })', 'm.list[n % 3] = { n }', 'm.list.reverse()', 'm.list.length = n % 4',
  'm.list.sort((a, b) => (a?.n ?? 0) - (b?.n ?? 0))', 'm.list.unshift(s.deep)', 'm.list.shift()',
  'm.map[acted?.id ?? "none"] = { n }', 'delete m.map.a', 'm.map.b ??= s', 'm.map = { ...m.map, n }',
  'm.other = s', 'm.other = { of: s.deep }', 'm.other = m.map', 'm.other = [m.list, s.log]',
  'Object.assign(m.map, s.deep)', 'Object.assign(m.map, { e: { ...s } })', 'm.n++', 'm.n += s.n',
  'const { n: first, ...others } = s; m.other = others', 'm.other = JSON.parse(JSON.stringify(s))',
  'for (const e of events) m.list.push(e.fields)', 'for (const e of events) m.map[e.name] = e',
  'if (message) m.other = message.body', 'if (message) m.list.push({ ...message.body, n })',
  'm.list.push(...answers)', 'if (invoked) m.map.invoked = invoked', 'm.other = nodes.map((one) => one.state.n)',
  'm.list = m.list.filter((one) => one !== s.deep && one?.n !== 3)', 'm.other = s.log.slice(-2)',
  'm.map.found = s.log.find((one) => one.n > 2) ?? null', 'm.map.at = s.log.indexOf(s.log[1])',
  'm.map.same = nodes.includes(acted) && nodes.indexOf(acted)', 'm.map.keys = Object.keys(s)',
  'm.map.frozen = frozen({ n, of: s.log[0] ?? 0 })', 'm.map.has = "n" in s && Object.hasOwn(m, "n")',
  'm.map.text = JSON.stringify([s, events, message, m.list])', 'Object.freeze(m.map.b ?? m.list)',
  'm.map.entries = Object.entries(s.deep)', 'for (const key in m.map) m.n += key.length',
  'm.list.push(structure(s))', 'const { map } = m; map.c = { n }', '[m.n, m.other] = [n, s.deep]',
  'm.other = s.log.concat(m.list)', 'm.other = [s.log, [1]].flat()', 'm.map.is = Array.isArray(s.log)',
  's.n = 1', 's.log.push(1)', 'nodes.push(1)', 'events.push(1)', 'message.body.n = 1', 's.deep.x.y = 1',
  'message.body.items.push(1)', 'delete message.body.n', 'events[0].fields.n = 1', 'nodes[0].state = 1',
  'acted.id = "x"', 'm.map.set = new Set()', 'm.other = () => 1', 'm.self = m', 'undefined.x',
].map((one) => `{ ${one} }`);

function protocolWith(statement: string, top = '') {
  const invariant = `I: {
    doc: 'd', remember: () => ({ list: [] as any[], map: {} as any, n: 0, other: null }),
    check({ nodes, acted, memory: m, events, message, invoked, answers, time: n }: any) {
      const s = nodes[1].state;
      { m.list.push({ n }); } ${statement}
      return m.n > 90 ? String(m.n) : undefined;
    } }`;
  const source = protocolOf({
    top: `import { frozen } from 'lockstep';\nconst structure = (of: any) => ({ deep: of.deep });\n${top}`,
    init: '({ n: 0, deep: { x: 1 }, log: [] as any[] })',
    ping: `node.state.n++; node.event('Seen', { n: message.n, all: [{ n: message.n }] });
      node.state.log.push(message.n % 2 ? frozen({ n: message.n }) : { n: message.n });`,
    invariant,
  }).replace('n: 1 }', 'n: node.state.n, items: [{ n: 1 }] }');
  return loadProtocol(new Map([['p.ts', source]]), 'p.ts').protocol;
}

type Loaded = ReturnType<typeof protocolWith>;

/** What the memory and the violations are after each step. */
function run(protocol: Loaded, monitors: readonly Monitor[]): unknown[] {
  const nodes = ['a', 'b'].map((id) => ({ id, role: 'r', options: {} }));
  const network = { latency: [1, 1], loss: 0, duplicate: 0, reorder: false } as const;
  const effects = new Effects();
  let world = start({ protocol, seed: 1, nodes, network }, monitors, effects);
  const seen: unknown[] = [];
  for (let i = 0; i < 12; i++) {
    const at = world.time + 1;
    step(world, { type: 'invoke', at, node: 'a', operation: 'go', args: {} }, effects);
    seen.push(shownOf(world.memories.at(-1), effects));
    const pending = world.next();
    if (pending) step(world, pending, effects);
    seen.push(shownOf(world.memories.at(-1), effects));
    if (draw(1, i) % 4 === 0) world = new Snapshot(world).restore();
  }
  return seen;
}

function shownOf(memory: unknown, { violations, events }: Effects): unknown {
  return [JSON.stringify(memory), violations.map(({ reason }) => reason), events.length];
}

describe.each([['reports its changes', ''], ['hides its changes', 'const hidden = Proxy;']])(
  'an invariant in code that %s',
  (_, top) => {
    test.each(statements)('does the same when it is traced: %s', (statement) => {
      const protocol = protocolWith(statement, top);
      const monitors = invariantMonitors(protocol);
      const traced = run(protocol, [new FieldMonitor(true), ...monitors]);
      expect(traced).toEqual(run(protocol, monitors));
    });
  },
);
