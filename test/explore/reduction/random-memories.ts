/** Random observers that remember, in all the ways that memories in cells must keep apart. */
import type { Problem } from '../../../src/explore/search/problem.ts';
import { type Check, type Cluster, followed, problem } from './cluster.ts';
import { dice, ids, modes, part, type Roll } from './random-cluster.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- observers without types
type Seen = any;
type Act = (seen: Seen) => string | undefined;

const remember = () => ({
  of: {}, last: '', times: 0, list: [] as unknown[], pair: { x: 0, y: 0 }, copy: null as unknown,
});

const nodeOf = ({ nodes }: Seen, id: string): Seen => {
  return nodes.find((one: Seen) => one.id === id);
};

/** One use of a memory; none ends, so that only its own cells bound the states. */
function act(roll: Roll): Act {
  const [id, mode, x] = [ids[roll(3)], roll(modes), roll(2)];
  const acts: readonly Act[] = [
    ({ acted, memory }) => void (memory.of[acted.id] = acted.state.mode),
    (seen) => void (seen.memory.of[id] = nodeOf(seen, id).state.mode),
    ({ memory }) => void (memory.last = memory.of[id] ?? 'none'),
    ({ acted, memory }) => void (memory.last = acted.id),
    ({ memory }) => void (memory.times = Math.min(3, (memory.times as number) + 1)),
    ({ memory }) => void (memory.last = Object.keys(memory.of as object).join()),
    ({ acted, memory }) => void delete memory.of[acted.id],
    ({ acted, memory }) => void (memory.list.length < 2 && memory.list.push(acted.id)),
    ({ memory }) => void (memory.pair.x = x),
    ({ acted, memory }) => void (memory.pair.x === x && (memory.pair.y = acted.state.mode)),
    ({ acted, memory }) => void (memory.of[acted.id] ??= Object.keys(memory.of as object).length),
    (seen) => void (seen.memory.pair.y = nodeOf(seen, id).up === true ? x : mode),
    ({ message, memory }) => void (message && (memory.of[message.from] = message.body.kind)),
    ({ memory }) => (memory.of[id] === mode && memory.pair.y === x + 1 ? 'it is so' : undefined),
    // These are not uses of cells.
    ({ memory }) => void (memory.of = { ...memory.of, [id]: mode }),
    ({ memory }) => void (memory.copy = memory.of),
    ({ memory }) => void (memory.list = [memory.pair]),
  ];
  // The last ones make a memory whole, so that all others would hardly be tried.
  return acts[roll(roll(6) === 0 ? acts.length : acts.length - 3)];
}

/** It acts only in some steps, so that other steps commute. */
function guarded(roll: Roll): Act {
  const [id, mode, kind, does] = [ids[roll(3)], roll(modes), roll(2), act(roll)];
  const when: readonly ((seen: Seen) => boolean)[] = [
    () => true,
    ({ acted }) => acted.id === id,
    ({ acted }) => acted.id !== id,
    ({ acted }) => acted.state.mode === mode,
    ({ message }) => message?.body.kind === kind,
  ];
  const applies = when[roll(when.length)];
  return (seen) => (applies(seen) ? does(seen) : undefined);
}

function observer(roll: Roll): Act {
  const all = Array.from({ length: 1 + roll(3) }, () => guarded(roll));
  return (seen) => {
    if (seen.acted === undefined) return undefined;
    for (const one of all) {
      const found = one(seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

export function rememberingProblem(seed: number): Problem {
  const roll = dice(seed);
  const names = Array.from({ length: 1 + roll(2) }, (_, i) => `remembers ${i}`);
  const invariants = Object.fromEntries(names.map((name): [string, Check] => {
    return [name, { remember, check: observer(roll) }];
  }));
  const look = observer(roll);
  const derived: Cluster['derived'] = {
    Seen: { remember, look: (seen: Seen) => (look(seen) === undefined ? [] : [{ is: 1 }]) },
  };
  const actsMost = 1 + roll(2);
  const cluster: Cluster = {
    parts: Object.fromEntries(ids.map((id) => [id, part(roll, actsMost)])),
    invariants,
    ...(roll(3) === 0 && { derived }),
    events: ['Done'],
    isOrdered: roll(2) === 0,
  };
  const asked = {
    faults: { crashes: roll(6) === 0 ? 1 : 0, drops: roll(6) === 0 ? 1 : 0 },
    limits: { states: 1_500, ...(roll(4) === 0 && { messages: 2 }) },
  };
  if (roll(3) > 0) return problem(cluster, asked);
  return followed(cluster, 'expect:\n  - no event Done at b where a.state.mode == 2\n', asked);
}
