/** Random small protocols, whose nodes follow tables, with all that choices may share. */
import type { Problem } from '../../../src/explore/search/problem.ts';
import { type Asked, type Cluster, followed, type Part, problem } from './cluster.ts';

/** Numbers below a bound, of a small generator. */
export type Roll = (bound: number) => number;

export function dice(seed: number): Roll {
  let state = seed * 2_654_435_761 + 1;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

export const ids = ['a', 'b', 'c'];
export const modes = 3;

/** What a node does in a mode; it acts only so often, so that there is an end. */
export function part(roll: Roll, actsMost: number): Part {
  const rows = Array.from({ length: modes * 2 }, () => ({
    mode: roll(modes), to: ids[roll(5)], kind: roll(2), keeps: roll(3) === 0, draws: roll(8) === 0,
    reports: roll(4) === 0, sets: roll(6) === 0, throws: roll(60) === 0,
  }));
  // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
  const act = (node: any, kind: number, from: string) => {
    const { state } = node;
    const row = rows[state.mode * 2 + kind];
    state.mode = row.draws ? node.random(2) : row.mode;
    if (row.keeps) state.last = from;
    if (state.acted >= actsMost) return;
    state.acted++;
    if (row.to !== undefined) node.send(row.to, { type: 'M', kind: row.kind });
    if (row.reports) node.event('Done', { mode: state.mode });
    if (row.sets) node.setTimer('again', 1);
    if (row.throws) throw new Error('a planted error');
  };
  return {
    state: { mode: 0, last: '', acted: 0 },
    sets: roll(3) > 0 ? ['go', 'again'] : ['go'],
    messages: { M: (node, { kind }, from) => act(node, kind, from) },
    timers: { go: (node) => act(node, 0, ''), again: (node) => act(node, 1, '') },
  };
}

function invariantsOf(roll: Roll): NonNullable<Cluster['invariants']> {
  const [id, other] = [ids[roll(3)], ids[roll(3)]];
  const [mode, otherMode] = [roll(modes), roll(modes)];
  const all: NonNullable<Cluster['invariants']> = {
    states: {
      check({ nodes }) {
        // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
        const isSo = ({ state, up }: any) => up && state.acted > 2 && state.mode === mode;
        const found = nodes.filter(isSo);
        return found.length > 2 ? 'all are' : undefined;
      },
    },
    step: {
      check({ acted, nodes }) {
        if (acted?.id !== id || acted.state.mode !== mode) return undefined;
        if (acted.state.acted < 2) return undefined;
        const found = nodes.find(({ id: name }: { id: string }) => name === other);
        return found?.state.mode === otherMode && found.state.acted > 1 ? 'both are' : undefined;
      },
    },
    messages: {
      check({ message, acted }) {
        return message?.body.kind === 1 && acted?.state.last === id && message.from === other
          && acted.state.acted > 2 ? 'it is' : undefined;
      },
    },
    memory: {
      remember: () => ({ last: '', times: 0 }),
      check({ acted, memory }) {
        if (acted?.id !== id && acted?.state.mode !== mode) return undefined;
        memory.times = memory.last === acted.id ? memory.times : Math.min(3, memory.times + 1);
        memory.last = acted.id;
        return undefined;
      },
    },
    seen: {
      remember: () => ({ seen: {} as Record<string, number> }),
      check({ acted, nodes, memory }) {
        if (acted === undefined) return undefined;
        const before = memory.seen[acted.id];
        if (acted.state.mode > 0) memory.seen[acted.id] = acted.state.mode;
        const most = nodes.length > 2 && before === mode && acted.state.mode === otherMode;
        return most && memory.seen[other] === 2 ? 'seen' : undefined;
      },
    },
  };
  const names = Object.keys(all).filter(() => roll(4) === 0);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

const lines: readonly (readonly string[])[] = [
  [], [], [],
  ['expect:', '  - no event Done at b where a.state.mode == 2 && c.state.acted > 1'],
  ['expect:', '  - event Done at c', '  - "never: a.state.mode == 2 && b.state.acted > 2"'],
  ['expect:', '  - "always: a.state.acted < 3 || b.state.mode != 1"'],
  ['expect:', '  - "end: a.state.mode != 2 || b.state.acted < 2"'],
  ['expect:', '  - throws "planted" where b.state.mode != 1'],
  ['steps:', '  - fire a go', '  - when b.state.mode == 1: crash c', '  - restart c'],
  ['steps:', '  - partition a | b c', '  - heal'],
  ['until: Done at b'],
];

const fewActed = ({ state }: { readonly state: Readonly<Record<string, unknown>> }) => {
  return (state.acted as number) < 2;
};

export const statesMost = 1_500;

/** A problem; the same for the same seed. */
export function randomProblem(seed: number): Problem {
  const roll = dice(seed);
  const actsMost = 1 + roll(3);
  const cluster: Cluster = {
    parts: Object.fromEntries(ids.map((id) => [id, part(roll, actsMost)])),
    invariants: invariantsOf(roll),
    events: ['Done'],
    isOrdered: roll(2) === 0,
  };
  const some = (count: number) => (roll(4) === 0 ? count : 0);
  const crashes = some(1 + roll(2));
  const isStaying = roll(8) === 0;
  const asked: Asked = {
    faults: {
      crashes, drops: isStaying ? 0 : some(1), partitions: some(1),
      duplicates: isStaying ? Infinity : some(1),
    },
    limits: {
      states: statesMost,
      ...(roll(4) === 0 && !isStaying && { messages: 2 }),
    },
    ...(roll(5) === 0 && { targets: { nodeWithin: fewActed } }),
  };
  const chosen = lines[roll(lines.length)];
  if (chosen.length === 0) return problem(cluster, asked);
  return followed(cluster, `${chosen.join('\n')}\n`, asked);
}
