/** Small protocols for the tests of the reduction: each node has a role of its own. */
import { derivedEventMonitors } from '../../../src/check/derived-events.ts';
import { invariantMonitors } from '../../../src/check/invariants.ts';
import { Effects } from '../../../src/kernel/effects.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import { start } from '../../../src/kernel/step.ts';
import type { Monitor } from '../../../src/kernel/world.ts';
import { type FaultBudget, noFaults, noLimits } from '../../../src/explore/budgets.ts';
import { problemOf } from '../../../src/explore/search/of-scenario.ts';
import type { Problem } from '../../../src/explore/search/problem.ts';
import { defineProtocol, role } from '../../../src/protocol/define.ts';
import type { DerivedEvent, Protocol } from '../../../src/protocol/types.ts';
import { readScenario } from '../read.ts';

/** Handlers by message or timer, whose nodes are not typed. */
// oxlint-disable-next-line typescript/no-explicit-any -- roles without types
type Handlers = Readonly<Record<string, (node: any, what?: any, from?: any) => void>>;

/** An invariant that observes nodes without types. */
export interface Check {
  remember?(): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- roles without types
  check(seen: any): string | undefined;
}

export interface Part {
  readonly state?: object;
  /** Timers that are set when it starts. */
  readonly sets?: readonly string[];
  readonly messages?: Handlers;
  readonly timers?: Handlers;
}

export interface Cluster {
  readonly parts: Readonly<Record<string, Part>>;
  readonly invariants?: Readonly<Record<string, Check>>;
  readonly derived?: Readonly<Record<string, DerivedEvent>>;
  readonly events?: readonly string[];
  /** Messages of a link keep their order. */
  readonly isOrdered?: boolean;
}

function protocolOf({ parts, invariants = {}, derived = {}, events = [] }: Cluster): Protocol {
  const roles = Object.entries(parts).map(([name, { state, sets = [], messages, timers }]) => {
    // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
    const one = role<any>({
      doc: 'A part of a test.',
      init: () => structuredClone({ ...state }),
      start: (node) => {
        for (const timer of sets) node.setTimer(timer, 1);
      },
      messages: messages ?? {},
      timers: timers ?? {},
    });
    return [name, one];
  });
  const named = Object.entries(invariants).map(([name, one]) => [name, { doc: 'Holds.', ...one }]);
  return defineProtocol({
    name: 'cluster',
    doc: 'A test.',
    source: 'a test',
    events: Object.fromEntries(
      [...events, ...Object.keys(derived)].map((name) => [name, 'It happened.']),
    ),
    derivedEvents: derived,
    roles: Object.fromEntries(roles),
    defaultRole: Object.keys(parts)[0],
    invariants: Object.fromEntries(named),
  });
}

export interface Asked {
  readonly faults?: Partial<FaultBudget>;
  readonly limits?: Partial<Problem['limits']>;
  readonly targets?: Problem['targets'];
  readonly monitorsOf?: (protocol: Protocol) => Monitor[];
}

function observers(protocol: Protocol): Monitor[] {
  return [...derivedEventMonitors(protocol), ...invariantMonitors(protocol)];
}

/** All that may happen, without a scenario. */
export function problem(cluster: Cluster, asked: Asked = {}): Problem {
  const { faults, limits, targets = {}, monitorsOf = observers } = asked;
  const setup: Setup = {
    protocol: protocolOf(cluster),
    seed: 1,
    nodes: Object.keys(cluster.parts).map((id) => ({ id, role: id })),
    network: { latency: [1, 1], loss: 0, duplicate: 0, reorder: cluster.isOrdered !== true },
  };
  const effects = new Effects();
  return {
    world: start(setup, monitorsOf(setup.protocol), effects),
    effects,
    setting: { time: 'untimed', faults: { ...noFaults, ...faults } },
    limits: { ...noLimits, ...limits },
    targets,
  };
}

/** The same for the lines of a scenario. */
export function followed(cluster: Cluster, lines: string, asked: Asked = {}): Problem {
  const nodes = Object.keys(cluster.parts).map((id) => `${id}: ${id}`).join(', ');
  const text = `protocol: cluster\nnodes: { ${nodes} }\nnetwork: { reorder: ${
    cluster.isOrdered !== true} }\n${lines}`;
  const { scenario } = readScenario(text, protocolOf(cluster));
  const setting = { time: 'untimed', faults: { ...noFaults, ...asked.faults } } as const;
  const limits = { ...noLimits, ...asked.limits };
  return problemOf(scenario, setting, { limits, targets: asked.targets ?? {} });
}
