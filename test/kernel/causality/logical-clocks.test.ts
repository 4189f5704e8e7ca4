/** Logical clocks against the definition of happened-before, for random schedules with faults. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CausalRecord, StepLog } from '../../../src/kernel/causality/causal-record.ts';
import { LogicalClocks } from '../../../src/kernel/causality/logical-clocks.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import { Run } from '../../../src/kernel/run.ts';
import { start } from '../../../src/kernel/step.ts';
import { leaseSetup } from '../lease.ts';
import { choose, commands as leaseCommands, seeds } from '../schedules.ts';
import { talkSetup } from '../talk.ts';
import { CausalGraph, firstDifference, firstWrongOrder } from './causal-graph.ts';

const commands = [
  ...['A open {}', 'B open {}', 'A say {}', 'B say {}', 'server say {"to":"A"}', 'A close {}'],
  ...['crash A', 'restart A', 'crash server', 'restart server', 'pause server for 30ms'],
  ...['pause A', 'resume A', 'cut A -> server', 'heal', 'network loss=30%', 'network loss=0%'],
  ...['power off A for 2s', 'power off server', 'unplug A for 1s', 'plug in A'],
  ...['reset A - server', 'reset B - server', 'disk server slow 5ms', 'disk server ok'],
];

/** Long schedules: what is wrong with clocks shows when messages are late and chains are long. */
const schedulesOf = (own: readonly string[]) =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant<string>('next') },
      { weight: 3, arbitrary: fc.constantFrom(...own) },
      { weight: 1, arbitrary: fc.constantFrom('drop', 'duplicate', 'delay', 'overtake') },
    ),
    { maxLength: 120, size: 'max' },
  );
const leases = schedulesOf(leaseCommands);
const talks = schedulesOf(commands);

interface Followed {
  readonly graph: CausalGraph;
  readonly run: Run;
  readonly log: StepLog;
}

/** Plays a schedule, or goes on with a branch of a run that parted where `picked` begins. */
function follow(picked: readonly string[], setup: Setup, parted?: { run: Run; step: number }) {
  const effects = new Effects();
  const world = start(setup, [], effects);
  const graph = new CausalGraph(world, effects);
  const log = new StepLog(world.nodes.map(({ started }) => started));
  const note = (action: Parameters<CausalGraph['note']>[1]) => {
    graph.note(world, action, effects);
    log.note(effects, action.type === 'duplicate');
  };
  parted?.run.replay(world, parted.step, effects, note);
  const run = parted ? new Run(world, parted.run, parted.step) : new Run(world);
  for (const pick of picked) {
    const action = choose(world, pick);
    if (action && run.take(world, action, effects)) note(action);
  }
  return { graph, run, log } satisfies Followed;
}

const talk = { keepAlive: true, userTimeout: 2_000_000, reopens: true };

const always = (check: (picked: string[], setup: Setup, chunk: number) => void, runs = seeds / 4) => {
  const size = fc.constantFrom(1, 5, 32, 4_096);
  const property = (setup: () => Setup) => (picked: string[], chunk: number) =>
    check(picked, setup(), chunk);
  fc.assert(fc.property(leases, size, property(leaseSetup)), { numRuns: runs, seed: 5 });
  fc.assert(
    fc.property(talks, size, property(() => talkSetup(talk))),
    { numRuns: runs, seed: 6 },
  );
};

describe('in all schedules of faults', () => {
  test('one event happened before another exactly if its vector is less', () => {
    always((picked, setup, chunk) => {
      const { graph, run, log } = follow(picked, setup);
      expect(firstDifference(graph, new LogicalClocks(log, null, chunk))).toBeUndefined();
      const clocks = new LogicalClocks(run, null, chunk);
      // The end first, then the middle: chunks are passed again.
      clocks.at(run.length);
      expect(firstDifference(graph, clocks)).toBeUndefined();
    });
  });

  test('a chain of messages leads from the earlier event to the later', () => {
    always((picked, setup, chunk) => {
      const { graph, run } = follow(picked, setup);
      expect(firstWrongOrder(graph, new LogicalClocks(run, null, chunk))).toBeUndefined();
    }, seeds / 8);
  });

  test('a branch has the clocks of its own steps, and of those that it shares', () => {
    always((picked, setup, chunk) => {
      const { run } = follow(picked, setup);
      const half = Math.floor(run.length / 2);
      const branch = follow(picked.slice(half), setup, { run, step: half });
      const parent = new LogicalClocks(run, null, chunk);
      const clocks = new LogicalClocks(branch.run, parent, chunk);
      expect(firstDifference(branch.graph, clocks)).toBeUndefined();
      expect(firstWrongOrder(branch.graph, clocks)).toBeUndefined();
    }, seeds / 8);
  });
});

/** A run that lies about one thing. */
function lying(record: CausalRecord, lie: Partial<CausalRecord>): CausalRecord {
  return {
    base: record.base,
    length: record.length,
    booted: record.booted,
    acted: (step) => record.acted(step),
    sender: (step) => record.sender(step),
    cause: (step) => record.cause(step),
    ...lie,
  };
}

describe('the comparison catches', () => {
  const lies: Record<string, (record: CausalRecord) => Partial<CausalRecord>> = {
    'messages that bring nothing': () => ({ sender: () => -1 }),
    'messages that bring what their sender learnt later': () => ({ cause: (step) => step - 1 }),
    'crashes that are not events': (record) => ({
      acted: (step) => (step % 7 === 0 ? -1 : record.acted(step)),
    }),
    'a node that did not boot': (record) => ({ booted: record.booted.map((_, i) => i > 0) }),
  };
  for (const [name, lie] of Object.entries(lies)) {
    test(name, () => {
      let caught = 0;
      always((picked, setup, chunk) => {
        const { graph, run } = follow(picked, setup);
        const clocks = new LogicalClocks(lying(run, lie(run)), null, chunk);
        if (firstDifference(graph, clocks) !== undefined) caught++;
      }, 20);
      expect(caught).toBeGreaterThan(0);
    });
  }

  test('duplicates that bring what their sender learnt since it sent the original', () => {
    const { graph, run } = follow(['A lease {}', 'pause A', 'duplicate', 'next', 'next'], leaseSetup());
    expect(run.action(3).type).toBe('duplicate');
    expect(firstDifference(graph, new LogicalClocks(run))).toBeUndefined();
    const sender = (step: number) => (run.acted(step) < 0 ? -1 : run.sender(step));
    const clocks = new LogicalClocks(lying(run, { sender }));
    expect(firstDifference(graph, clocks)).toBeDefined();
  });
});
