/** The digest covers all that can influence the future, and ignores how a world was reached. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digest,
  endFields,
  type Fields,
  hash,
  messageFields,
  networkFields,
  postponedFields,
  slotFields,
  timerFields,
  worldFields,
  worldText,
} from '../../src/kernel/compare/digest.ts';
import { newEnd } from '../../src/kernel/connection/end.ts';
import { contentText } from '../../src/kernel/data/plain.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { Message, type Pending, Postponed } from '../../src/kernel/pending.ts';
import { Run } from '../../src/kernel/run.ts';
import { Snapshot } from '../../src/kernel/snapshot.ts';
import { start, step } from '../../src/kernel/step.ts';
import { parseAction } from '../../src/kernel/text/action-text.ts';
import type { Monitor, Timer, World } from '../../src/kernel/world.ts';
import { leaseSetup } from './lease.ts';
import { choices, commands, play, seeds } from './schedules.ts';
import { runScript } from './script.ts';

const counting: Monitor<{ steps: number }> = {
  name: 'counting',
  start: () => ({ steps: 0 }),
  after: (_world, _action, _effects, memory) => void memory.steps++,
};

const socket = { keepAlive: null, userTimeout: 0 };

/** A world with every kind of content: timers set and not set, held and postponed actions. */
function fullWorld(): World {
  const world = start(leaseSetup(), [counting]);
  const take = (text: string) => step(world, { ...parseAction(text)!, at: world.time });
  const run = (until: number) => {
    for (let next = world.next(); next && next.at <= until; next = world.next()) step(world, next);
  };
  take('A lease {}');
  run(10_000);
  take('B lease {}');
  // Until B's retry timer has fired, and its message is in flight.
  while (unsetTimerOf(world) === undefined) step(world, world.next()!);
  take('pause B for 1s');
  take('B lease {"tag":"while B is paused"}');
  take('network loss=5% on A -> server');
  take('cut B -> server for 2s');
  take('clock A drift +200ppm');
  world.touch(2).ends.push(newEnd('B-server:1', 0, 'server', true, socket, world.time));
  return world;
}

const timerOf = ({ nodes }: World): Timer =>
  nodes.flatMap((slot) => slot.timers).find(({ isSet }) => isSet)!;
const unsetTimerOf = ({ nodes }: World): Timer | undefined =>
  nodes.flatMap((slot) => slot.timers).find(({ isSet }) => !isSet);
const messageIn = (world: World) => world.queue.items.find((one) => one instanceof Message)!;
const postponedIn = (world: World) => world.queue.items.find((one) => one instanceof Postponed)!;

function replaced(world: World, pending: Pending, field: string, value: unknown): void {
  const other = Object.assign(Object.create(Object.getPrototypeOf(pending)), pending, {
    [field]: value,
  });
  world.queue.items[world.queue.items.indexOf(pending)] = other;
}

/** Another value of the same kind. */
function changed(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    case 'string':
      return `${value}!`;
    default:
      return value instanceof Uint8Array
        ? value.map((one) => 1 - one)
        : Array.isArray(value)
          ? [...value.slice(1), value.length === 0 ? 1 : changed(value[0])]
          : { ...(value as object), more: 1 };
  }
}

const set = (of: object, field: string) =>
  Object.defineProperty(of, field, {
    value: changed((of as Record<string, unknown>)[field]),
    enumerable: true,
  });

interface Covered {
  fields: Fields<object> & Readonly<Record<string, unknown>>;
  /** An object with those fields, in the world. */
  part(world: World): object;
  /** Changes one of them there. */
  change(world: World, field: string): void;
}

const covered: Readonly<Record<string, Covered>> = {
  World: {
    fields: worldFields,
    part: (world) => world,
    change(world, field) {
      const other = start({ ...leaseSetup(), seed: 8 }, [counting, counting]);
      const isWhole = ['plan', 'monitors', 'network'].includes(field);
      if (field === 'network') step(other, { type: 'network', at: 0, rule: { loss: 0.5 } });
      if (isWhole) Object.assign(world, { [field]: other[field as keyof World] });
      else if (field === 'nodes') world.touch(0).drawn++;
      else if (field === 'queue') world.queue.pop();
      else set(world, field);
    },
  },
  Slot: {
    fields: slotFields,
    part: (world) => world.nodes[2],
    change(world, field) {
      const slot = world.touch(2);
      if (field === 'cast') Object.assign(slot, { cast: { ...slot.cast, options: { lease: 1 } } });
      else if (field === 'timers') slot.timers.pop();
      else if (field === 'held') slot.held.pop();
      else if (field === 'ends') slot.ends.pop();
      else set(slot, field);
    },
  },
  End: {
    fields: endFields,
    part: (world) => world.nodes[2].ends[0],
    change(world, field) {
      const end = world.touch(2).ends[0];
      if (field === 'outbox') end.outbox.push(messageIn(world) as Message);
      else set(end, field);
    },
  },
  Timer: {
    fields: timerFields,
    part: timerOf,
    change: (world, field) => void set(timerOf(world), field),
  },
  Message: {
    fields: messageFields,
    part: messageIn,
    change(world, field) {
      const message = messageIn(world);
      // The type tells messages from other pending actions: it has no other value.
      if (field === 'type') world.queue.remove(message);
      else replaced(world, message, field, changed(message[field as keyof Pending]));
    },
  },
  Postponed: {
    fields: postponedFields,
    part: postponedIn,
    change(world, field) {
      const postponed = postponedIn(world);
      if (field === 'type') world.queue.remove(postponed);
      else replaced(world, postponed, field, changed(postponed[field as keyof Pending]));
    },
  },
  Network: {
    fields: networkFields,
    part: ({ network }) => network,
    change(world, field) {
      if (field === 'links') world.network = world.network.withRule({ delay: 1 }, [0], [1]);
      else set(world.network, field);
    },
  },
};

describe.each(Object.entries(covered))('of %s', (_, { fields, part, change }) => {
  test('each field is in the digest, or has a reason why it is not', () => {
    expect(Object.keys(part(fullWorld())).sort()).toEqual(Object.keys(fields).sort());
    for (const enters of Object.values(fields)) {
      if (typeof enters !== 'function') expect(enters).toMatch(/ /);
    }
  });

  const digested = Object.keys(fields).filter((field) => typeof fields[field] === 'function');
  test.each(digested)('a change of %s changes the digest', (field) => {
    const world = fullWorld();
    const before = digest(world);
    expect(digest(fullWorld())).toBe(before);
    change(world, field);
    expect(digest(world)).not.toBe(before);
  });
});

test('a timer that is not set counts, because its ordinal decides its next draw', () => {
  const world = fullWorld();
  const before = digest(world);
  unsetTimerOf(world)!.at++;
  expect(digest(world)).toBe(before);
  unsetTimerOf(world)!.ordinal++;
  expect(digest(world)).not.toBe(before);
});

test('the order of keys counts, because a handler may loop over them', () => {
  const texts = [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1, b: 2, c: undefined }].map(contentText);
  expect(texts).toEqual(['{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1,"b":2,"c":undefined}']);
  const numbers = [0, -0, NaN, Infinity, '0', null, undefined, false];
  expect(new Set(numbers.map(contentText)).size).toBe(numbers.length);
});

test('the hash is the same on every platform', () => {
  expect([hash(''), hash('a'), hash('b'), hash('lockstep')]).toMatchInlineSnapshot(`
    [
      "1aee8d83488bdcb8",
      "82c97901501c2ba7",
      "c254d2bf459eda5b",
      "f6f298f5e8f29327",
    ]
  `);
});

const always = <Values>(values: fc.Arbitrary<Values>, check: (value: Values) => void) =>
  fc.assert(
    fc.property(values, (value) => void check(value)),
    { numRuns: seeds, seed: 1 },
  );

describe('equal digests', () => {
  test('do not depend on how a world was reached', () => {
    always(choices, (picked) => {
      const { run, world, moments } = play(picked);
      const replayed = start(leaseSetup());
      new Run(replayed);
      run.replay(replayed, run.length, null);
      const ways = [
        world,
        world.fork(),
        world.fork().fork(),
        moments[run.length],
        new Snapshot(world).restore(),
        run.at(run.length),
        replayed,
        play(picked).world,
      ];
      expect(new Set(ways.map(digest)).size).toBe(1);
    });
  });

  test('stay equal under equal actions, with equal effects', () => {
    let pairs = 0;
    always(fc.tuple(choices, fc.nat(), fc.array(fc.constantFrom('next', ...commands))), (values) => {
      const [picked, index, more] = values;
      if (picked.length < 2) return;
      // Two neighbours trade places: often both orders lead to the same world.
      const at = index % (picked.length - 1);
      const swapped = picked.toSpliced(at, 2, picked[at + 1], picked[at]);
      const [one, other] = [play(picked).world, play(swapped).world];
      if (digest(one) !== digest(other)) return;
      pairs++;
      for (const pick of [...more, ...Array.from({ length: 20 }, () => 'next')]) {
        const effects = [one, other].map((world) => {
          const action = pick === 'next' ? world.next() : parseAction(pick);
          const own = new Effects();
          const taken = action && step(world, { ...action, at: Math.max(action.at, world.time) }, own);
          return contentText([taken, own]);
        });
        expect(effects[1]).toBe(effects[0]);
        expect(digest(other)).toBe(digest(one));
      }
    });
    // Most pairs differ: enough equal ones must be left for the property to mean something.
    expect(pairs).toBeGreaterThan(seeds / 20);
  });

  test('distinguish worlds that only later behave differently', () => {
    const digestAfter = (script: string) => digest(runScript(leaseSetup(), script).world);
    // The states are the same, but the next message draws another latency.
    const sent = digestAfter('cut A -> server\nA lease {}\nheal\nrun 20ms');
    expect(sent).not.toBe(digestAfter('cut A -> server\nheal\nheal\nrun 20ms'));
  });
});

test('forks copy what the digest covers', () => {
  const world = fullWorld();
  expect(Object.keys(world.nodes[0].fork())).toEqual(Object.keys(world.nodes[0]));
  expect(worldText(world.fork())).toBe(worldText(world));
});
