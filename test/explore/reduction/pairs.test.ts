/** Choices that commute, tried in both orders: the same state, whatever was taken before them. */
import { describe, expect, test } from 'vitest';
import { choicesAt } from '../../../src/explore/choices.ts';
import { Fingerprints } from '../../../src/explore/fingerprint/fingerprint.ts';
import { brokenIn, type Problem } from '../../../src/explore/search/problem.ts';
import {
  commute, type Footprint, type Forgotten, nothingForgotten, type Shared,
} from '../../../src/explore/search/reduction/footprint.ts';
import { BeginAgain, Footprints } from '../../../src/explore/search/reduction/footprints.ts';
import {
  type Learned, nothingLearned,
} from '../../../src/explore/search/reduction/reads.ts';
import { ChoiceNames } from '../../../src/explore/search/reduction/names.ts';
import { Successors } from '../../../src/explore/search/successors.ts';
import { untimed } from '../models/search.ts';
import { raftSetup } from '../../bench/raft-load.ts';
import { twoPhase } from '../models/setups.ts';
import { problem } from './cluster.ts';
import { cyclicProblem } from './cyclic.ts';
import { lastActed, lastSeen, ready, readyStep } from './examples.ts';
import { dice, randomProblem, type Roll } from './random-cluster.ts';
import { rememberingProblem } from './random-memories.ts';

type At = Pick<Problem, 'world'> & { readonly left: Problem['setting']['faults'] };

interface Taken extends At {
  readonly name: number;
  readonly footprint: Footprint;
  readonly isBroken: boolean;
}

/** Takes choices of a problem, and notes what they touch. */
class Taker {
  private readonly fingerprints: Fingerprints;
  private readonly footprints: Footprints;
  private readonly names = new ChoiceNames();
  private readonly successors: Successors;

  constructor(
    private readonly problem: Problem,
    learned: Learned,
    private readonly forgotten: Forgotten,
  ) {
    this.fingerprints = new Fingerprints(problem.setting);
    this.successors = new Successors(problem.setting);
    this.footprints = new Footprints(problem, learned, this.fingerprints, forgotten);
  }

  all({ world, left }: At): Taken[] {
    return this.footprints.during(() => {
      this.footprints.reset();
      return choicesAt(world, left, this.problem.setting).flatMap((choice) => {
        const name = this.names.of(world, choice);
        return Array.from(this.successors.outcomes(world, left, choice), (successor) => {
          const isBroken = successor.effects.violations.length > 0
            || brokenIn(this.problem, successor.world, null, successor.effects) !== undefined;
          // A search ends there.
          if (isBroken) successor.effects.violations.length = 0;
          const footprint = this.footprints.of(world, choice, successor);
          const draws = typeof successor.turn === 'number' ? [] : successor.turn.slice(1);
          const { world: after, left: rest } = successor;
          const own = this.names.ofOutcome(name, draws);
          return { name: own, footprint, isBroken, world: after, left: rest };
        });
      });
    });
  }

  isApart({ world }: At): boolean {
    return this.footprints.isApart(world);
  }

  nameOf({ world, left }: At): string {
    const { high, low } = this.fingerprints.of(world, left);
    return `${high} ${low}`;
  }

  /** What both orders of two choices that commute differ in; `tried` counts such pairs. */
  difference(at: At, tried: { count: number }): string | undefined {
    if (!this.isApart(at)) return undefined;
    const all = this.all(at).filter(({ isBroken }) => !isBroken);
    for (const one of all) {
      for (const other of all) {
        if (one.name >= other.name) continue;
        const { cells } = this.footprints;
        if (!commute(one.footprint, other.footprint, at.left, cells, this.forgotten)) continue;
        tried.count++;
        const [first] = this.all(one).filter(({ name }) => name === other.name);
        const [second] = this.all(other).filter(({ name }) => name === one.name);
        if (first === undefined || second === undefined) return 'one takes the other away';
        if (first.isBroken !== second.isBroken) return 'one order is a violation';
        if (this.nameOf(first) !== this.nameOf(second)) return 'the orders lead to two states';
      }
    }
    return undefined;
  }
}

const apart = { crashes: 1, drops: 1, duplicates: 1, partitions: 1 };

const problems: readonly (readonly [string, readonly (() => Problem)[]])[] = [
  ['two-phase commit', [() => untimed(twoPhase(3), { faults: apart })]],
  ['Raft', [() => untimed(raftSetup(3), { faults: apart })]],
  ['Raft, in any order', [() => {
    const setup = raftSetup(3);
    return untimed({ ...setup, network: { ...setup.network, reorder: true } });
  }]],
  ['random', Array.from({ length: 40 }, (_, seed) => () => randomProblem(seed + 1))],
  ['memories', Array.from({ length: 40 }, (_, seed) => () => rememberingProblem(seed + 1))],
  ['circles', Array.from({ length: 20 }, (_, seed) => () => cyclicProblem(seed + 1))],
];

/** Each has a single pair of choices, which do not commute. */
const joined: Readonly<Record<string, () => Problem>> = {
  'a reader of another node': () => problem(readyStep),
  'a memory of who acted': () => problem(lastActed),
  'a memory of another node': () => problem(lastSeen),
};

const readyProblem = problem(ready);

/** Random walks, at each step of which all pairs are tried. */
function found(makes: readonly (() => Problem)[], forgotten: Forgotten = nothingForgotten) {
  const tried = { count: 0 };
  const walks = makes.length > 1 ? 1 : 6;
  for (const [i, make] of makes.entries()) {
    const learned = nothingLearned();
    for (let walk = 0; walk < walks; walk++) {
      const problem = make();
      const roll = dice(walk * 1_000 + i + 1);
      const difference = walked(problem, () => new Taker(problem, learned, forgotten), roll, tried);
      if (difference !== undefined) return { difference, tried: tried.count };
    }
  }
  return { difference: undefined, tried: tried.count };
}

/** Begins again when an invariant turns out to read its step, as a search does. */
function walked(
  problem: Problem,
  taking: () => Taker,
  roll: Roll,
  tried: { count: number },
): string | undefined {
  try {
    return walkOf(problem, taking(), roll, tried);
  } catch (error) {
    if (!(error instanceof BeginAgain)) throw error;
    return error.why === undefined ? walked(problem, taking, roll, tried) : undefined;
  }
}

function walkOf({ world, setting }: Problem, taker: Taker, roll: Roll, tried: { count: number }) {
  let at: At = { world, left: setting.faults };
  for (let count = 0; count < 10; count++) {
    const difference = taker.difference(at, tried);
    if (difference !== undefined) return difference;
    const next = taker.all(at).filter(({ isBroken }) => !isBroken);
    if (next.length === 0) return undefined;
    at = next[roll(next.length)];
  }
  return undefined;
}

describe('both orders lead to one state', () => {
  test.each(problems)('%s', (_, makes) => {
    const { difference, tried } = found(makes);
    expect(difference).toBeUndefined();
    expect(tried).toBeGreaterThan(10);
  });
});

describe('what is forgotten is found', () => {
  test.each<readonly [string, readonly Shared[]]>([
    ['two-phase commit', ['node']], ['two-phase commit', ['link']],
    ['two-phase commit', ['budget']], ['two-phase commit', ['network']],
    // Its invariants have cells for each node.
    ['Raft', ['node', 'cells']],
    ['a memory of who acted', ['cells']], ['memories', ['cells']], ['memories', ['cells read']],
    ['memories', ['orders of keys']],
    ['a reader of another node', ['reads']], ['a memory of another node', ['reads']],
  ])('%s: %s', (name, shared) => {
    const makes = name in joined ? [joined[name]] : problems.find(([one]) => one === name)![1];
    expect(found(makes, new Set(shared)).difference).toBeDefined();
  });
});

test('a step is refused if nothing noted what its observers read', () => {
  const { world, setting } = readyProblem;
  const footprints = new Footprints(readyProblem, nothingLearned(), new Fingerprints(setting));
  const [choice] = choicesAt(world, setting.faults, setting);
  const take = () => {
    const [successor] = new Successors(setting).outcomes(world, setting.faults, choice);
    return footprints.of(world, choice, successor);
  };
  expect(take).toThrow('not noted');
  expect(footprints.during(take)).toMatchObject({ node: 0 });
  expect(take).toThrow('not noted');
});

test('a node beyond those that have bits hides no read of another one', () => {
  const names = Array.from({ length: 33 }, (_, i) => `n${i}`);
  const part = { state: { on: 0 }, sets: ['go'], timers: { go: () => undefined } };
  const many = problem({
    parts: Object.fromEntries(names.map((name) => [name, part])),
    invariants: {
      one: {
        remember: () => ({}),
        check: ({ nodes }) => (nodes[0].state.on === 1 ? 'it is on' : undefined),
      },
    },
  });
  const { world, setting } = many;
  const successors = new Successors(setting);
  const footprints = new Footprints(many, nothingLearned(), new Fingerprints(setting));
  const reads = footprints.during(() => choicesAt(world, setting.faults, setting).map((choice) => {
    const [one] = Array.from(successors.outcomes(world, setting.faults, choice), (successor) => {
      return footprints.of(world, choice, successor);
    });
    return [one.node, one.reads];
  }));
  expect(reads).toContainEqual([32, 1]);
});
