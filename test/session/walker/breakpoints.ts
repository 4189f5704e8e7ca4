/** Random breakpoints of every kind on a session. */
import { Hits, parseHitRule } from '../../../src/session/breakpoints/hits.ts';
import type { Breakpoint, Origin, Trigger } from '../../../src/session/breakpoints/breakpoint.ts';
import { handlersOf } from '../../../src/session/breakpoints/breakpoint.ts';
import type { Session } from '../../../src/session/session.ts';
import type { Random } from '../../fuzz/random.ts';

/** A breakpoint without its hits, so that several sessions can have it. */
export type Placed = Omit<Breakpoint, 'hits'>;

export function setAll(session: Session, all: readonly Placed[]): void {
  session.setBreakpoints(all.map((one) => ({ ...one, hits: new Hits() })));
}

export function randomBreakpoints(session: Session, random: Random): Placed[] {
  return Array.from({ length: random.between(1, 5) }, (_, index) => {
    const [origin, trigger] = random.weighted(kinds)(session, random);
    const hit = random.chance(0.2) ? parseHitRule(random.pick(['% 2', '>= 3', '2'])) : undefined;
    const condition = random.chance(0.25) ? conditionOf(session, random) : undefined;
    return {
      id: index + 1,
      origin,
      trigger,
      ...(hit && trigger.type !== 'scenario' ? { hitRule: hit } : {}),
      ...(condition ? { condition } : {}),
    };
  });
}

type Kind = (session: Session, random: Random) => [Origin, Trigger];

const kinds: readonly (readonly [number, Kind])[] = [
  [5, ({ code }, random) => {
    const { sites } = code.variants!;
    return ['line', { type: 'line', site: random.pick(sites).id }];
  }],
  [5, ({ code, world }, random) => {
    const name = random.pick(Object.keys(code.protocol.events));
    const node = random.chance(0.3) ? { node: random.pick(world.nodes).id } : {};
    return ['exception', { type: 'event', name, ...node }];
  }],
  [2, ({ world }, random) => {
    const [, kind, name] = random.pick(handlersOf(world.plan));
    return ['function', { type: 'function', kind, name }];
  }],
  [2, ({ script }, random) => {
    return ['line', { type: 'scenario', step: random.below(script.scenario.steps.length) }];
  }],
  [2, ({ world }, random) => {
    const node = random.pick(world.nodes);
    const path = Object.keys(node.state).slice(random.below(3)).slice(0, 1);
    return ['data', { type: 'data', node: node.index, path }];
  }],
  [1, () => ['exception', { type: 'violated' }]],
  [1, () => ['exception', { type: 'thrown' }]],
];

/** Conditions that the middle of an action can change. */
const conditions = ['time > 0.003', 'nodes.exists(n, !n.up)', 'nodes[0].state == nodes[1].state'];

function conditionOf({ script }: Session, random: Random) {
  const compiled = script.scenario.language.condition(random.pick(conditions), []);
  if ('fault' in compiled) throw new Error(compiled.fault.message);
  return compiled.expression;
}
