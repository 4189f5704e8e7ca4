/** Checkpoints store what grows only once, and restore each moment exactly, whatever happened since. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start } from '../../src/kernel/step.ts';
import { leaseSetup } from './lease.ts';
import { seeds } from './schedules.ts';

type Item = number | { readonly n: number } | { n: number; deep: number[] };
interface Log {
  log: Item[];
}

/** What a handler may do to a log. Each change has a name, so that a counterexample is readable. */
const change = fc.oneof(
  fc.record({ do: fc.constant('append'), count: fc.integer({ min: 1, max: 90 }), kind: fc.nat(2) }),
  fc.record({
    do: fc.constant('truncate'),
    count: fc.integer({ min: 1, max: 40 }),
    kind: fc.nat(),
  }),
  fc.record({ do: fc.constant('replace'), count: fc.nat(200), kind: fc.nat(2) }),
  fc.record({ do: fc.constant('mutate'), count: fc.nat(200), kind: fc.nat() }),
  fc.record({ do: fc.constant('copy'), count: fc.nat(), kind: fc.nat() }),
  fc.record({ do: fc.constant('snapshot'), count: fc.nat(), kind: fc.nat() }),
  fc.record({ do: fc.constant('fork'), count: fc.nat(), kind: fc.nat() }),
);

let next = 0;
function item(kind: number): Item {
  next++;
  if (kind === 0) return next;
  return kind === 1 ? Object.freeze({ n: next }) : { n: next, deep: [next] };
}

function apply(
  state: Log,
  { do: what, count, kind }: { do: string; count: number; kind: number },
): void {
  const { log } = state;
  if (what === 'append') for (let i = 0; i < count; i++) log.push(item(kind));
  if (what === 'truncate') log.length = Math.max(0, log.length - count);
  if (what === 'copy') state.log = log.slice();
  if (count >= log.length) return;
  if (what === 'replace') log[count] = item(kind);
  const held = log[count];
  if (what === 'mutate' && typeof held === 'object' && 'deep' in held) held.deep.push(++next);
}

test('every snapshot restores the state from when it was taken', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (list) => {
      const world = start(leaseSetup());
      const state = () => world.touch(0).state as unknown as Log;
      state().log = [];
      const taken: { snapshot: Snapshot; text: string }[] = [];
      for (const one of list) {
        if (one.do === 'snapshot') {
          taken.push({ snapshot: new Snapshot(world), text: JSON.stringify(state()) });
        } else if (one.do === 'fork') world.fork();
        else apply(state(), one);
      }
      for (const { snapshot, text } of taken) {
        const restored = snapshot.restore();
        expect(JSON.stringify(restored.nodes[0].state)).toBe(text);
        // A change of one restored world must not reach the next.
        const other = restored.touch(0).state as unknown as Log;
        for (const held of other.log)
          if (typeof held === 'object' && 'deep' in held) held.deep.push(0);
        other.log.push(0);
        expect(JSON.stringify(snapshot.restore().nodes[0].state)).toBe(text);
      }
    }),
    { numRuns: seeds, seed: 1 },
  );
});

test('a restored world that continues can be checkpointed again', () => {
  const world = start(leaseSetup());
  const log = ((world.touch(0).state as unknown as Log).log = [] as Item[]);
  for (let i = 0; i < 500; i++) log.push(item(1));
  const restored = new Snapshot(world).restore();
  const again = (restored.touch(0).state as unknown as Log).log;
  again.length = 300;
  again.push(item(1), item(2));
  const text = JSON.stringify(again);
  const second = new Snapshot(restored);
  again.length = 0;
  expect(JSON.stringify((second.restore().nodes[0].state as unknown as Log).log)).toBe(text);
  expect(log.length).toBe(500);
});
