/** The view of the Cluster panel: nodes, messages in flight and cut links at one moment. */
import type { Look } from '../protocol/types.ts';
import { equal } from '../kernel/data/plain.ts';
import { isOff, type Moment, type NodeMoment, type StepEffects } from '../kernel/seam/moment.ts';
import { messageName } from '../kernel/text/action-text.ts';
import { cutText, dataText, printable } from '../kernel/text/data-text.ts';
import { allFields, messageDetails } from '../kernel/text/message-text.ts';
import type { Reading } from '../session/read/reading.ts';
import { shownViews } from './shown.ts';
import { PanelClocks } from './clocks.ts';
import type {
  ClusterView, LogicalClockView, LogView, MessageView, NodeView, TimerView,
} from './contract.ts';

/** How many of a node's last log entries are shown. */
const logWindow = 12;
/** How many messages in flight are shown: those that arrive first. */
const messageWindow = 60;

export function clusterOf(reading: Reading): ClusterView {
  const { cursor, entered, inside, moment } = reading;
  const clocks = new PanelClocks(reading);
  if (inside) {
    // Before the boot, there is nothing to compare with.
    const before = entered?.type === 'start' ? null : moment;
    return clusterView(inside.moment, before, inside.effects, clocks);
  }
  const explained = reading.explain(cursor.step);
  if (!explained) return clusterView(moment, null, null, clocks);
  const { before, after, effects } = explained;
  if (cursor.step === 0) return clusterView(after, null, null, clocks);
  return clusterView(after, before, effects, clocks);
}

/** `before` is the moment one step earlier, to mark what changed; `effects` are that step's. */
export function clusterView(
  moment: Moment,
  before: Moment | null,
  effects: StepEffects | null,
  clocks?: PanelClocks,
): ClusterView {
  return {
    nodes: moment.nodes.map((node, index) => ({
      ...nodeView(moment, node, before?.nodes[index] ?? null, effects?.acted === index),
      ...clockPart(clocks?.node(index)),
    })),
    messages: messageViews(moment, effects, clocks),
    cuts: cutsOf(moment),
    islands: islandsOf(moment),
  };
}

function nodeView(
  moment: Moment,
  node: NodeMoment,
  before: NodeMoment | null,
  acted: boolean,
): NodeView {
  const { look, status, host } = node;
  const { units } = moment.wording;
  // Moments share the nodes that did not change.
  const old = before === null || before === node ? null : before.look;
  const isUp = !isOff(status);
  return {
    id: node.id,
    role: node.role,
    status,
    host,
    standing: isUp ? (look.standing ?? '') : '',
    tone: isUp ? (look.tone ?? 'none') : 'none',
    ...(look.epoch ? { epoch: look.epoch } : {}),
    acted,
    shown: shownViews(moment, node, old),
    facts: Object.entries(look.facts ?? {}).map(([name, value]) => ({
      name,
      value: dataText(value, units, 120, units[name]),
      changed: old !== null && !equal(old.facts?.[name], value),
    })),
    ...(look.log ? { log: logView(look.log, old?.log) } : {}),
    timers: isUp ? timerViews(moment, node) : [],
    clock: { offset: node.clockAt(moment.time) - moment.time, drift: node.drift },
    waiting: node.waiting,
    ...diskView(moment, node),
  };
}

function diskView({ time }: Moment, { fsync }: NodeMoment): Pick<NodeView, 'disk'> {
  const { slow, stalledUntil, writes } = fsync;
  const stalled = stalledUntil > time;
  if (!stalled && slow === 0 && writes.length === 0) return {};
  return { disk: { stalled, slow, writes: writes.length } };
}

function logView(log: NonNullable<Look['log']>, old: Look['log']): LogView {
  const { first, last, committed, applied } = log;
  const from = Math.max(first, last - logWindow + 1);
  const indexes = Array.from({ length: last - from + 1 }, (_, offset) => from + offset);
  return {
    before: from - first,
    committed,
    applies: applied !== undefined,
    entries: indexes.map((index) => {
      const entry = log.entry(index);
      const { epoch, value } = entry;
      const isOld = old !== undefined && index >= old.first && index <= old.last;
      return {
        index,
        ...(epoch !== undefined && { epoch }),
        label: entryLabel(value),
        committed: index <= committed,
        applied: applied !== undefined && index <= applied,
        changed: old !== undefined && !(isOld && equal(old.entry(index), entry)),
      };
    }),
  };
}

/** The values of a log entry, in their order: `put x 1`. */
function entryLabel(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return dataText(entry, {}, 24);
  const values = Object.values(entry).filter(
    (value) => typeof value !== 'object' && value !== '',
  );
  return cutText(printable(values.join(' ')), 24);
}

/** In the order of their names, so that they keep their places from one stop to the next. */
function timerViews({ time }: Moment, node: NodeMoment): TimerView[] {
  const timers = node.alarms.map(({ name, key, at, setAt }) => ({
    name: key === '' ? name : `${name} ${key}`,
    left: Math.max(0, at - time),
    span: at - setAt,
  }));
  return timers.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function clockPart(logicalClock: LogicalClockView | undefined) {
  return logicalClock ? { logicalClock } : {};
}

function messageViews(
  moment: Moment,
  effects: StepEffects | null,
  clocks: PanelClocks | undefined,
): MessageView[] {
  const { upcoming, time, wording } = moment;
  const fresh = new Set(effects?.sent);
  return moment.messages.slice(0, messageWindow).map((message) => {
    const span = message.at - message.sentAt;
    return {
      id: messageName(message),
      from: message.from,
      to: message.to,
      type: message.body.type,
      details: messageDetails(message, wording),
      fields: allFields(message, wording),
      progress: span > 0 ? Math.min(1, (time - message.sentAt) / span) : 1,
      left: Math.max(0, message.at - time),
      next: message === upcoming,
      fresh: fresh.has(message),
      ...clockPart(clocks?.message(message)),
    };
  });
}

/** A lost host is marked itself: its links count as neither cut nor whole. */
function onNetwork({ nodes }: Moment): NodeMoment[] {
  return nodes.filter(({ host }) => host === 'on');
}

function cutsOf(moment: Moment): ClusterView['cuts'] {
  if (!moment.hasCuts) return [];
  const cuts: ClusterView['cuts'] = [];
  const nodes = onNetwork(moment);
  for (const from of nodes) {
    for (const to of nodes) {
      if (moment.isCut(from.index, to.index)) cuts.push({ from: from.id, to: to.id });
    }
  }
  return cuts;
}

/** Connected components: two nodes are joined if the link works in at least one direction. */
export function islandsOf(moment: Moment): string[][] {
  if (!moment.hasCuts) return [];
  const nodes = onNetwork(moment);
  const parent = moment.nodes.map(({ index }) => index);
  const root = (index: number): number =>
    parent[index] === index ? index : root(parent[index]);
  for (const { index: a } of nodes) {
    for (const { index: b } of nodes) {
      if (b >= a) break;
      if (!moment.isCut(a, b) || !moment.isCut(b, a)) parent[root(a)] = root(b);
    }
  }
  const islands = new Map<number, string[]>();
  for (const { id, index } of nodes) {
    const island = root(index);
    islands.set(island, [...(islands.get(island) ?? []), id]);
  }
  return islands.size > 1 ? [...islands.values()] : [];
}
