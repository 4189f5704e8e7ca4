/** The view of the Cluster panel: nodes, what is between them, and cut links at one moment. */
import { isOff, type Moment, type StepEffects } from '../kernel/seam/moment.ts';
import type { Protocol } from '../protocol/types.ts';
import type { Reading } from '../session/read/reading.ts';
import { PanelClocks } from './clocks.ts';
import { unmarked, unmarkedDocs } from './text/marked.ts';
import { areasOf } from './cluster/areas.ts';
import type { ClusterView, NodeView, RoleView } from './cluster/cluster-view.ts';
import { holdViews } from './cluster/holds.ts';
import { cutsOf, islandsOf } from './cluster/islands.ts';
import { LeaseSpans } from './cluster/lease-spans.ts';
import { nodeView } from './cluster/nodes.ts';
import {
  arrivedMessage,
  clockPart,
  connectionViews,
  lostMessages,
  messageViews,
  unseenMessages,
} from './cluster/traffic.ts';
import { reachable } from './roles/transitions.ts';

type Explained = Pick<Protocol['roles'][string], 'doc' | 'standings' | 'lookDocs'>;

/** What the view needs beside a moment and the effects of its last step. */
export interface ClusterContext {
  readonly clocks?: PanelClocks;
  readonly spans?: LeaseSpans;
  /** How many operations a role offers. */
  readonly operations?: (role: string) => number;
  /** How the protocol explains roles, their epochs, and events; empty if it does not. */
  readonly epochDoc?: (role: string) => string;
  readonly eventDoc?: (event: string) => string;
  readonly protocolRoles?: Readonly<Record<string, Explained>>;
}

export function clusterOf(reading: Reading, spans = new LeaseSpans()): ClusterView {
  const { code, cursor, entered, inside, moment } = reading;
  const { roles, events = {} } = code.protocol;
  const context = {
    clocks: new PanelClocks(reading),
    spans,
    operations: (role: string) => Object.keys(roles[role]?.operations ?? {}).length,
    epochDoc: (role: string) => roles[role]?.epochDoc ?? '',
    eventDoc: (event: string) => events[event] ?? '',
    protocolRoles: roles,
  };
  if (inside) {
    // Before the boot, there is nothing to compare with.
    const before = entered?.type === 'start' ? null : moment;
    return clusterView(inside.moment, before, inside.effects, context);
  }
  const explained = reading.explain(cursor.step);
  if (!explained) return clusterView(moment, null, null, context);
  const { before, after, effects } = explained;
  if (cursor.step === 0) return clusterView(after, null, null, context);
  return clusterView(after, before, effects, context);
}

/** `before` is the moment one step earlier, to mark what changed; `effects` are that step's. */
export function clusterView(
  moment: Moment,
  before: Moment | null,
  effects: StepEffects | null,
  context: ClusterContext = {},
): ClusterView {
  const { clocks, spans = new LeaseSpans(), operations = () => 0 } = context;
  const holds = holdViews(moment, before);
  const areaOf = areasOf(moment.nodes, operations);
  const nodes = moment.nodes.map((node, index) => ({
    ...nodeView(moment, node, {
      before: before?.nodes[index] ?? null,
      acted: effects?.acted === index,
      area: areaOf(node.role),
      holds: holds.get(node.id) ?? [],
      spans,
    }),
    ...clockPart(clocks?.node(index)),
  }));
  const arrived = arrivedMessage(moment, effects, clocks);
  return {
    nodes: markUnusual(nodes),
    messages: messageViews(moment, effects, clocks),
    unseen: unseenMessages(moment),
    ...(arrived ? { arrived } : {}),
    lost: lostMessages(moment, effects, clocks),
    connections: connectionViews(moment),
    cuts: cutsOf(moment),
    islands: islandsOf(moment),
    epochs: epochsOf(nodes, context),
    roles: roleViews(moment, context),
    meanings: meaningsOf(effects, context),
  };
}

function epochsOf(
  nodes: readonly NodeView[],
  { epochDoc = () => '' }: ClusterContext,
): ClusterView['epochs'] {
  const found = new Map<string, string>();
  for (const { role, epoch } of nodes) if (epoch) found.set(epoch.name, epochDoc(role));
  return [...found].map(([name, doc]) => ({ name, doc: unmarked(doc) }));
}

function roleViews(moment: Moment, { protocolRoles = {} }: ClusterContext): RoleView[] {
  const names = [...new Set(moment.nodes.map(({ role }) => role))];
  return names.map((name) => {
    const { doc = '', standings = {}, lookDocs = {} } = protocolRoles[name] ?? {};
    const nodes = moment.nodes.filter(({ role }) => role === name);
    const shown = Object.entries(reachable(standings, nodes));
    return {
      name, doc: unmarked(doc), values: unmarkedDocs(lookDocs),
      standings: shown.map(([standing, { doc: about }]) => {
        return { name: standing, doc: unmarked(about) };
      }),
    };
  });
}

function meaningsOf(
  effects: StepEffects | null,
  { eventDoc = () => '' }: ClusterContext,
): ClusterView['meanings'] {
  const names = new Set((effects?.events ?? []).map(({ name }) => name));
  return [...names]
    .map((event) => ({ event, doc: unmarked(eventDoc(event)) }))
    .filter(({ doc }) => doc !== '');
}

/**
 * A leader stands out among followers, and two leaders of a pair do, too. Where all of three or
 * more nodes lead, as five Redis primaries do, or where there is only one, that is nothing special.
 */
function markUnusual(nodes: NodeView[]): NodeView[] {
  return nodes.map((node) => {
    if (node.tone !== 'lead' && node.tone !== 'bid') return node;
    const peers = nodes.filter(({ role, status }) => role === node.role && !isOff(status));
    const alike = peers.filter(({ tone }) => tone === node.tone).length;
    const isUsual = alike === peers.length && (alike >= 3 || isAlone(node, nodes));
    return isUsual ? node : { ...node, stands: 'out' };
  });
}

function isAlone({ role }: NodeView, nodes: NodeView[]): boolean {
  return nodes.filter((other) => other.role === role).length === 1;
}
