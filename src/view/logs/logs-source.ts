/** The source of the Logs panel: it reads the entries of the window, and no others. */
import { equal } from '../../kernel/data/plain.ts';
import { isOff, type Moment } from '../../kernel/seam/moment.ts';
import type { Reading } from '../../session/read/reading.ts';
import { unmarkedDocs } from '../text/marked.ts';
import { changeOf } from './change.ts';
import { conflictsOf } from './conflicts.ts';
import { Differing } from './differing.ts';
import { entryAt, type LogNode, shown } from './entries.ts';
import type {
  LogEntry, LogGroup, LogMark, LogsElsewhere, LogsSelection, LogsView, NodeLog,
} from './logs-view.ts';

/** More than a wide screen shows. */
const countMost = 400;
const startCount = 40;

export interface LogsSource {
  readonly selection: LogsSelection;
  selected(value: unknown): LogsSelection | undefined;
  view(reading: Reading, selection: LogsSelection): LogsView;
  asked(): undefined;
  answer(): null;
}

export function logsSource(): LogsSource {
  const differing = new Differing();
  return {
    selection: { type: 'newest', count: startCount },
    selected: selectionIn,
    view: (reading, selection) => logsOf(reading, selection, differing),
    asked: () => undefined,
    answer: () => null,
  };
}

function selectionIn(value: unknown): LogsSelection | undefined {
  const { type, index, count } = (value ?? {}) as Partial<Record<string, unknown>>;
  const isCount = Number.isInteger(count) && (count as number) > 0;
  if (!isCount) return undefined;
  const shown = Math.min(count as number, countMost);
  if (type === 'newest') return { type, count: shown };
  if (type !== 'from' || !Number.isInteger(index)) return undefined;
  return { type, index: index as number, count: shown };
}

export function logsOf(
  reading: Reading,
  selection: LogsSelection,
  differing = new Differing(),
): LogsView {
  const { code, cursor, entered, inside, moment } = reading;
  const docsOf = (role: string) => unmarkedDocs(code.protocol.roles[role]?.lookDocs ?? {});
  // Before the boot, and without the step, there is nothing to compare with. The moment inside a
  // handler does not last, so its logs are not kept, and only its window is searched.
  if (inside) {
    const before = entered?.type === 'start' ? null : moment;
    return logsView(inside.moment, before, selection, { docsOf });
  }
  const explained = reading.explain(cursor.step);
  if (explained === undefined) return logsView(moment, null, selection, { docsOf });
  const before = cursor.step === 0 ? null : explained.before;
  return logsView(explained.after, before, selection, { docsOf, differing });
}

interface LogsContext {
  /** Keeps the logs of the moment, for the next one. Without it, the window is all. */
  readonly differing?: Differing;
  /** How a role explains what its logs show. */
  readonly docsOf?: (role: string) => LogGroup['docs'];
}

export function logsView(
  moment: Moment,
  before: Moment | null,
  selection: LogsSelection,
  { differing, docsOf = () => ({}) }: LogsContext = {},
): LogsView {
  const nodes = logNodes(moment, before);
  const first = Math.min(...nodes.map(({ log }) => log.first));
  // What the step removed is still shown, so the table reaches as far as it did.
  const last = Math.max(...nodes.map(({ log, old }) => Math.max(log.last, old?.last ?? log.last)));
  if (nodes.length === 0) return { first: 1, last: 0, from: 1, to: 0, groups: [] };
  const { from, to } = windowOf(first, last, selection);
  const groups = new Map<string, LogNode[]>();
  for (const one of nodes) {
    const name = groupName(one);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return {
    first,
    last,
    from,
    to,
    groups: [...groups].map(([name, members]) => {
      const logs = members.map((one) => nodeLog(one, members, from, to));
      const found = differing?.of(name, members) ?? { first: from, indexes: [] };
      const elsewhere = elsewhereOf(found, from, to);
      const docs = docsOf(members[0]!.node.role);
      return { name, logs, conflicts: conflictsOf(members, from, to), elsewhere, docs };
    }),
  };
}

/** The logs of a crashed node are on its disk: they are what it last had. */
function logNodes({ nodes }: Moment, before: Moment | null): LogNode[] {
  return nodes.flatMap((node): LogNode[] => {
    const { log } = node.look;
    if (log === undefined) return [];
    // Moments share the nodes that did not change.
    const earlier = before?.nodes[node.index];
    const isUnchanged = earlier === undefined || earlier === node;
    return [{ node, log, old: isUnchanged ? log : earlier.look.log, isUnchanged }];
  });
}

function windowOf(first: number, last: number, selection: LogsSelection) {
  const { count } = selection;
  const wanted = selection.type === 'newest' ? last - count + 1 : selection.index;
  const from = Math.max(first, Math.min(wanted, last));
  return { from, to: Math.min(last, from + count - 1) };
}

function groupName({ node, log }: LogNode): string {
  return log.name === undefined ? node.role : `${node.role}, ${log.name}`;
}

function elsewhereOf(
  { first, indexes }: ReturnType<Differing['of']>,
  from: number,
  to: number,
): LogsElsewhere {
  const before = indexes.filter((index) => index < from);
  const after = indexes.filter((index) => index > to);
  const [previous, next] = [before.at(-1), after[0]];
  return {
    before: before.length, after: after.length, searchedFrom: first,
    ...(previous !== undefined && { previous }), ...(next !== undefined && { next }),
  };
}

function nodeLog(one: LogNode, members: LogNode[], from: number, to: number): NodeLog {
  const { node: { id, status, look }, log } = one;
  const { first, last, committed, applied } = log;
  const isUp = !isOff(status);
  const indexes = Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);
  return {
    node: id,
    status,
    standing: isUp ? (look.standing ?? '') : '',
    tone: isUp ? (look.tone ?? 'none') : 'none',
    ...(look.epoch && { epoch: look.epoch }),
    first,
    last,
    committed,
    ...(applied !== undefined && { applied }),
    entries: indexes.map((index) => entryView(one, index)),
    change: one.isUnchanged ? {} : changeOf(log, one.old),
    marks: marksOn(id, members),
  };
}

function entryView({ log, old, isUnchanged }: LogNode, index: number): LogEntry | null {
  const now = entryAt(log, index);
  const before = isUnchanged || old === undefined ? undefined : entryAt(old, index);
  const isNew = !isUnchanged && old !== undefined;
  // An entry that a snapshot has taken over is not lost.
  const isCompacted = index < log.first;
  const hasChanged = isNew && now !== undefined && !(before && equal(before, now));
  const removed = before && !isCompacted && !(now && equal(before, now)) ? before : undefined;
  if (now === undefined && removed === undefined) return null;
  return {
    ...shown(now ?? removed!),
    changed: hasChanged,
    ...(now && removed && { removed: shown(removed) }),
    isGone: now === undefined,
  };
}

/** A leader that does not run believes nothing. */
function marksOn(id: string, members: LogNode[]): LogMark[] {
  return members.flatMap(({ node, log }): LogMark[] => {
    const mark = isOff(node.status) ? undefined : log.peers?.[id];
    return mark === undefined ? [] : [{ leader: node.id, ...mark }];
  });
}
