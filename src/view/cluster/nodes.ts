/** How the picture shows a node: its standing, what its role shows, and what the action changed. */
import { equal } from '../../kernel/data/plain.ts';
import { isOff, type Moment, type NodeMoment } from '../../kernel/seam/moment.ts';
import { cutText, dataText, printable } from '../../kernel/text/data-text.ts';
import { statusWords } from '../../kernel/text/status-text.ts';
import type { Look } from '../../protocol/types.ts';
import type { HoldView, LogView, NodeChange, NodeView, TimerView } from './cluster-view.ts';
import type { LeaseSpans } from './lease-spans.ts';
import { shownViews } from './shown.ts';

/** How many of a node's last log entries are shown. */
const logWindow = 12;
/** How many fields of the state are shown of a role that does not say what to show. */
const fieldWindow = 8;

export interface NodeContext {
  /** The node one step earlier; null if nothing changed or nothing is known. */
  readonly before: NodeMoment | null;
  readonly acted: boolean;
  readonly area: NodeView['area'];
  readonly holds: readonly HoldView[];
  readonly spans: LeaseSpans;
}

export function nodeView(moment: Moment, node: NodeMoment, context: NodeContext): NodeView {
  const { acted, area, spans } = context;
  const { look, status, host } = node;
  // Moments share the nodes that did not change.
  const before = context.before === node ? null : context.before;
  const old = before === null ? null : before.look;
  const isUp = !isOff(status);
  return {
    id: node.id,
    role: node.role,
    area,
    status,
    host,
    standing: isUp ? (look.standing ?? '') : '',
    tone: isUp ? (look.tone ?? 'none') : 'none',
    stands: 'in',
    ...(look.epoch ? { epoch: look.epoch } : {}),
    acted,
    changes: before === null ? [] : changesOf(before, node),
    holds: [...context.holds],
    shown: shownViews(moment, node, old, spans),
    facts: factViews(moment, node, before),
    ...(look.log ? { log: logView(look.log, old?.log) } : {}),
    timers: isUp ? timerViews(moment, node) : [],
    clock: { offset: node.clockAt(moment.time) - moment.time, drift: node.drift },
    waiting: node.waiting,
    ...diskView(moment, node),
  };
}

function changesOf(before: NodeMoment, node: NodeMoment): NodeChange[] {
  const [from, to] = [before, node].map((one) => ({
    status: statusWords(one).join(', '),
    standing: isOff(one.status) ? '' : (one.look.standing ?? ''),
    epoch: one.look.epoch ? `${one.look.epoch.name} ${one.look.epoch.value}` : '',
  }));
  return (['status', 'standing', 'epoch'] as const)
    .filter((type) => from[type] !== to[type])
    .map((type) => ({ type, from: from[type], to: to[type] }));
}

/** The values that the role shows beside the general ones; without a `look`, the state itself. */
function factViews(
  moment: Moment,
  node: NodeMoment,
  before: NodeMoment | null,
): NodeView['facts'] {
  const { units } = moment.wording;
  const showsNothing = Object.keys(node.look).length === 0;
  const values = showsNothing ? node.state : (node.look.facts ?? {});
  const old = showsNothing ? before?.state : before?.look.facts;
  const most = showsNothing ? 60 : 120;
  const entries = Object.entries(values).slice(0, showsNothing ? fieldWindow : Infinity);
  return entries.map(([name, value]) => ({
    name,
    value: isEmpty(value) ? 'none' : dataText(value, units, most, units[name]),
    changed: before !== null && !equal(old?.[name], value),
  }));
}

/** Nothing, or a list or record of nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
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
