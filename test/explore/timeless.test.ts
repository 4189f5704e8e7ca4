/** Without time, a promise that reads it means nothing: it is not judged, and the verdict says so. */
import { describe, expect, test } from 'vitest';
import { noFaults, noLimits } from '../../src/explore/budgets.ts';
import { planOf } from '../../src/explore/find/request.ts';
import { exploreScenario } from '../../src/explore/search/explore.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import { judgedIn } from '../../src/explore/timeless.ts';
import { strategiesDefault, walk } from '../../src/explore/walks/walks.ts';
import { defineProtocol, operation, role } from '../../src/protocol/define.ts';
import type { Invariant, Observation, Protocol } from '../../src/protocol/types.ts';
import type { Reason } from '../../src/scenario/verdict.ts';
import { readScenario } from './read.ts';

interface Ticking {
  state: { ticks: number; rang: boolean; clock: number; time: number };
  receives: object;
  sends: object;
  timers: { tick: void; alarm: void };
  events: object;
  options: object;
}

/** A node ticks every 100 ms, if not told otherwise, and its alarm rings after 250 ms. */
function ticking(
  check: (seen: Seen) => string | undefined,
  more = {},
  every: number | [number, number] = 100_000,
): Protocol {
  return defineProtocol({
    name: 'ticking', doc: '', source: '', events: {},
    roles: {
      clock: role<Ticking>({
        doc: '',
        init: () => ({ ticks: 0, rang: false, clock: 0, time: 0 }),
        start(node) {
          node.setTimer('tick', every);
          node.setTimer('alarm', 250_000);
        },
        messages: {},
        operations: {
          ask: operation<Ticking>()({
            doc: '', parameters: {}, run: (node, _, asked) => node.reply(asked, node.state.ticks),
          }),
        },
        timers: {
          tick(node) {
            node.state.ticks++;
            node.state.clock = node.state.time = node.state.ticks;
            if (node.state.ticks < 4) node.setTimer('tick', every);
          },
          alarm(node) {
            node.state.rang = true;
          },
        },
      }),
    },
    defaultRole: 'clock',
    invariants: { checked: { doc: '', check, ...more } as Invariant },
  }) as unknown as Protocol;
}

type Seen = Observation<unknown>;

const text = 'protocol: ticking\nnodes: { n1: clock }\nuntil: 2s\n';

const ticks = ({ nodes }: Seen) => (nodes[0].state as Ticking['state']).ticks;

const tooSoon = (seen: Seen) => {
  return seen.time < ticks(seen) * 100_000 ? `tick ${ticks(seen)} came too soon` : undefined;
};

function searched(protocol: Protocol, lines = '') {
  const { scenario } = readScenario(text + lines, protocol);
  const setting = { time: 'untimed', faults: noFaults } as const;
  return (['bfs', 'dfs'] as const).map((mode) => {
    return exploreScenario(scenario, { mode, setting, limits: noLimits, targets: {} });
  });
}

function walked(protocol: Protocol) {
  const { scenario } = readScenario(text, protocol);
  return walk(scenario, {
    strategies: strategiesDefault, time: 'untimed', faults: noFaults, stepsMost: 50, seeds: [1, 20],
  });
}

/** Ways to read the time, with what else they do in a step. */
const readers: Readonly<Record<string, Protocol>> = {
  'in each step': ticking(tooSoon),
  'in the condition': ticking((seen) => `${ticks(seen)}`, {
    when: (seen: Seen) => seen.time < ticks(seen) * 100_000,
  }),
  'with a memory': ticking(
    (seen) => {
      const memory = seen.memory as { last: number };
      const passed = seen.time - memory.last;
      memory.last = seen.time;
      return ticks(seen) === 4 && passed === 0 ? 'no time passed' : undefined;
    },
    { remember: () => ({ last: 0 }) },
  ),
};

describe.each(Object.entries(readers))('a promise that reads the time %s', (_, protocol) => {
  test('is not judged in a search', () => {
    for (const verdict of searched(protocol)) {
      expect(verdict).toMatchObject({ type: 'holds', unjudged: ['checked'] });
    }
  });

  test('is not judged in a walk', () => {
    expect(walked(protocol)).toMatchObject({ finding: undefined, unjudged: ['checked'] });
  });
});

// The alarm rings after the second tick in the run of the scenario, where this reads no time.
const late = () => ticking((seen) => {
  const { rang } = seen.nodes[0].state as Ticking['state'];
  return rang && ticks(seen) < 2 ? tooSoon(seen) ?? `rang at ${seen.time}` : undefined;
});

test('a promise that reads the time only in the run that breaks it is not judged either', () => {
  for (const verdict of searched(late())) {
    expect(verdict).toMatchObject({ type: 'holds', unjudged: ['checked'] });
  }
  expect(walked(late())).toMatchObject({ finding: undefined, unjudged: ['checked'] });
});

test('a copy of all parts of a step does not read the time', () => {
  const three = (seen: Seen) => (ticks(seen) === 3 ? 'three' : undefined);
  const copies = [
    ticking((seen) => three({ ...seen })),
    ticking(({ nodes, ...step }) => three({ ...step, nodes })),
  ];
  for (const verdict of copies.flatMap((one) => searched(one))) {
    expect(verdict).toMatchObject({ type: 'violated' });
  }
});

test.each<[string, (seen: Seen) => Seen]>([
  ['all parts', (seen) => ({ ...seen })],
  ['the rest', ({ nodes, ...rest }) => ({ ...rest, nodes })],
  ['a list of parts', (seen) => Object.fromEntries(Object.entries(seen)) as unknown as Seen],
])('a promise that reads the time of a copy of %s is not judged', (_, copied) => {
  const protocol = ticking((seen) => tooSoon(copied(seen)));
  for (const verdict of searched(protocol)) {
    expect(verdict).toMatchObject({ type: 'holds', unjudged: ['checked'] });
  }
  expect(walked(protocol)).toMatchObject({ finding: undefined, unjudged: ['checked'] });
});

describe('when an operation was invoked', () => {
  const asked = 'steps:\n  - n1 ask\n  - wait 150ms\n  - n1 ask\n';

  test.each<[string, (seen: Seen) => readonly { invokedAt: number }[]]>([
    ['an answer', ({ answers }) => answers],
    ['the history', ({ answers, history }) => (answers.length > 0 ? history : [])],
  ])('is not judged as %s says it', (_, of) => {
    const late = ticking((seen) => {
      return of(seen).some(({ invokedAt }) => invokedAt < ticks(seen) * 100_000) ? 'late' : undefined;
    });
    for (const verdict of searched(late, asked)) {
      expect(verdict).toMatchObject({ type: 'holds', unjudged: ['checked'] });
    }
  });

  test('is not read by what keeps an answer, or a copy of it', () => {
    const keeping = ticking((seen) => {
      const memory = seen.memory as unknown[];
      memory.push(...seen.answers, ...seen.answers.map((one) => ({ ...one })));
      return memory.length === 4 ? 'two answers' : undefined;
    }, { remember: () => [] });
    for (const verdict of searched(keeping, asked)) {
      expect(verdict).toMatchObject({ type: 'violated', reason: { sentence: 'two answers' } });
    }
  });
});

describe('an expectation about a derived event', () => {
  const deriving = (isSoon: (seen: Seen) => unknown) => ({
    ...ticking(() => undefined),
    events: { Soon: '' },
    derivedEvents: { Soon: { look: (seen: Seen) => (isSoon(seen) ? [{}] : []) } },
  }) as Protocol;
  const lines = 'expect:\n  - no event Soon\n';

  test.each<[string, (seen: Seen) => unknown]>([
    ['in each step', tooSoon],
    ['of a copy', (seen) => tooSoon({ ...seen })],
    ['in the run that breaks it', (seen) => ticks(seen) === 4 && tooSoon(seen)],
  ])('is not judged if that reads the time %s', (_, isSoon) => {
    for (const verdict of searched(deriving(isSoon), lines)) {
      expect(verdict).toMatchObject({ type: 'holds', unjudged: ['no event Soon'] });
    }
  });

  test('is judged if that does not', () => {
    for (const verdict of searched(deriving((seen) => ticks(seen) === 4), lines)) {
      expect(verdict).toMatchObject({ type: 'violated', subject: { text: 'no event Soon' } });
    }
  });
});

test('one that reads no time is judged', () => {
  const never = ticking((seen) => (ticks(seen) === 3 ? 'three' : undefined));
  for (const verdict of searched(never)) {
    expect(verdict).toMatchObject({ type: 'violated' });
    expect(verdict).not.toHaveProperty('unjudged');
  }
});

const free = ticking(() => undefined);

test.each([
  'time < 0.0', 'n1.clock < 0.0', 'n1["clock"] < 0.0', 'nodes[0].clock < 0.0',
  'nodes.exists(n, n.clock < 0.0)',
])(
  'an expectation that names %s is not judged without time',
  (condition) => {
    const lines = `expect:\n  - 'always: ${condition}'\n`;
    const { scenario } = readScenario(text + lines, free);
    expect(judgedIn('untimed', scenario).unjudged).toEqual([`always: ${condition}`]);
    expect(judgedIn('timed', scenario).unjudged).toEqual([]);
    for (const verdict of searched(free, lines)) expect(verdict.type).toBe('holds');
  },
);

test.each([
  'n1.state.clock == 3', 'n1.state.time == 3', 'nodes[0].state.clock == 3',
  'nodes.exists(n, n.state["clock"] == 3)',
])('a field of a state that is called like the time is judged: %s', (condition) => {
  const lines = `expect:\n  - 'never: ${condition}'\n`;
  for (const verdict of searched(free, lines)) {
    expect(verdict.type).toBe('violated');
    expect(verdict).not.toHaveProperty('unjudged');
  }
});

test('a step that waits for a time is named', () => {
  for (const step of ['wait until time > 0.5', 'when n1.clock > 0.5: crash n1']) {
    const [verdict] = searched(free, `steps:\n  - "${step}"\n`);
    expect(verdict.unjudged).toEqual([step]);
  }
  expect(searched(free, 'steps:\n  - wait until n1.state.ticks == 2\n')[0].unjudged).toBe(undefined);
});

test('a promise that reads the time cannot be chosen to be searched for without time', () => {
  const { scenario } = readScenario(text, ticking(tooSoon));
  const request = { target: 'invariant checked' };
  expect(planOf({ ...request, time: 'untimed' }, scenario)).toMatchObject({
    wrong: { code: 'timed target', name: 'checked' },
  });
  expect(planOf(request, scenario)).not.toHaveProperty('wrong');
});

test('what reads the time only in states that the run of the scenario does not reach', () => {
  // The alarm rings before the first tick in no run with time.
  const early = ticking((seen) => {
    const { rang } = seen.nodes[0].state as Ticking['state'];
    return rang && ticks(seen) === 0 && seen.time > 10_000_000 ? 'late' : undefined;
  });
  for (const verdict of searched(early)) {
    expect(verdict).toMatchObject({ type: 'holds', unjudged: ['checked'] });
  }
});

test('a condition that names the time cannot be searched for without time', () => {
  const { scenario } = readScenario(text, free);
  for (const request of [{ reach: 'time > 1.0' }, { inside: 'time < 1.0' }]) {
    expect(planOf({ ...request, time: 'untimed' }, scenario)).toMatchObject({
      wrong: { code: 'condition', why: expect.stringContaining('stands still') as string },
    });
    expect(planOf(request, scenario)).not.toHaveProperty('wrong');
  }
});

describe('a shrunk run of a search with time', () => {
  const shrunk = (protocol: Protocol) => {
    const { scenario } = readScenario(text, protocol);
    const { finding } = walk(scenario, {
      strategies: [{ type: 'random' }], time: 'timed', faults: noFaults, stepsMost: 50,
      seeds: [1, 50],
    });
    return shrink(scenario, finding!)!.actions.map(({ action }) => {
      return action.type === 'fire' ? `${action.at / 1_000} ${action.timer}` : action.type;
    });
  };

  test('fires the timers of a node in the order in which they are due', () => {
    const rang = (seen: Seen) => (seen.nodes[0].state as Ticking['state']).rang;
    const both = shrunk(ticking((seen) => (rang(seen) ? 'it rang' : undefined)));
    expect(both).toEqual(['0 tick', '0 tick', '0 alarm']);
  });

  test('fires none before its time if the promise reads the time', () => {
    const second = (seen: Seen) => {
      return ticks(seen) === 2 && seen.time >= 0 ? 'two' : undefined;
    };
    expect(shrunk(ticking(second))).toEqual(['100 tick', '200 tick']);
  });

  test('may fire one as early as its range allows, as the search did', () => {
    const second = (seen: Seen) => {
      return ticks(seen) === 2 && seen.time >= 0 ? 'two' : undefined;
    };
    const { scenario } = readScenario(text, ticking(second, {}, [100_000, 200_000]));
    const setting = { time: 'timed', faults: noFaults } as const;
    const found = exploreScenario(scenario, { mode: 'bfs', setting, limits: noLimits, targets: {} });
    if (found.type !== 'violated' || found.subject.kind !== 'invariant') throw new Error(found.type);
    const { subject, trace: { actions } } = found;
    const broken = { subject, reason: found.reason as Reason };
    const { seed } = scenario.setup;
    const shorter = shrink(scenario, { broken, seed, time: 'timed', actions, isAtEnd: false });
    expect(shorter?.broken.reason).toEqual(broken.reason);
  });

  test('also if the run of the scenario itself did not show that it does', () => {
    // Nothing crashes in that run.
    const crashed = (seen: Seen) => {
      if (seen.nodes[1].up || ticks(seen) < 2) return undefined;
      return tooSoon(seen) ?? 'in time';
    };
    const two = text.replace('n1: clock', 'n1: clock, n2: clock');
    const { scenario } = readScenario(two, ticking(crashed));
    const { finding } = walk(scenario, {
      strategies: [{ type: 'random' }], time: 'timed', faults: { ...noFaults, crashes: 1 },
      stepsMost: 50, seeds: [1, 50],
    });
    expect(finding!.broken.reason).toMatchObject({ sentence: 'in time' });
    expect(shrink(scenario, finding!)!.broken.reason).toMatchObject({ sentence: 'in time' });
  });
});
