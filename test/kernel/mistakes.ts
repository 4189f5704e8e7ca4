/** A protocol whose node `a` runs the code of a test, in the handler of a timer. */
import { defineProtocol } from '../../src/protocol/define.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { Effects } from '../../src/kernel/effects.ts';
import type { Monitor, World } from '../../src/kernel/world.ts';
import { start, step } from '../../src/kernel/step.ts';

/** A node without types, which would forbid most of the mistakes. */
// oxlint-disable-next-line typescript/no-explicit-any -- the tests do what the types forbid
export type Untyped = any;
type Act = (node: Untyped) => void;

/** Roles `plain` (node a) and `other` (node b, which handles only Ping and Pong). */
export function protocolOf(act: Act, more: object = {}): Protocol {
  const ignore = () => undefined;
  const plain = {
    doc: 'Runs the code of a test.',
    init: () => ({ count: 0, list: [{ n: 1 }] as unknown[] }),
    start: (node: Untyped) => node.setTimer('go', 0),
    messages: { Hello: ignore },
    timers: { go: act, later: ignore },
    operations: { ask: { doc: 'Asks.', parameters: {}, run: ignore } },
  };
  const other = {
    doc: 'Listens.',
    init: () => ({ heard: [] as unknown[] }),
    messages: {
      Ping: (node: Untyped, message: unknown) => node.state.heard.push(message),
      Pong: ignore,
    },
    timers: {},
  };
  return defineProtocol({
    name: 'mistakes',
    doc: 'Makes mistakes.',
    source: 'test/kernel',
    events: { Happened: 'It happened.', Ended: 'It ended.' },
    roles: { plain: { ...plain, ...more } as never, other: other as never },
    invariants: {},
  });
}

export interface Outcome {
  world: World;
  effects: Effects;
  /** What the handler threw. */
  threw: string | undefined;
}

export function worldOf(
  protocol: Protocol,
  monitors: readonly Monitor[] = [],
  effects?: Effects,
): World {
  const nodes = [
    { id: 'a', role: 'plain' },
    { id: 'b', role: 'other' },
  ];
  const network = { latency: [1_000, 5_000] as const, loss: 0, duplicate: 0, reorder: false };
  return start({ protocol, seed: 7, nodes, network }, monitors, effects);
}

/** Boots the two nodes and fires the timer whose handler is `act`. */
export function doing(act: Act, more: object = {}): Outcome {
  const world = worldOf(protocolOf(act, more));
  const effects = new Effects();
  step(world, world.next()!, effects);
  return { world, effects, threw: effects.failure?.message };
}

/** The message that the handler threw. Checks also that the call stack contains its line. */
export function refusal(act: Act): string | undefined {
  const { effects, world, threw } = doing(act);
  if (threw === undefined) return undefined;
  const isHere = /mistakes\.test\.ts/.test(effects.failure!.stack);
  return isHere && !world.node('a')!.up ? threw : `not thrown at its line: ${threw}`;
}
