/** The words of the Cluster panel about nodes; those of messages and links are in `traffic.ts`. */
import { onlyBelieves } from '../cluster/belief.ts';
import { statusWords } from '../../kernel/text/status-text.ts';
import type {
  ClockView,
  ClusterView,
  DiskView,
  HoldView,
  NodeChange,
  NodeView,
  LogView,
  RoleView,
  ShownView,
  TimerView,
} from '../cluster/cluster-view.ts';
import { exactSecondsText, exactTimeText, timeText } from '../../kernel/text/duration.ts';
import { logicalClockText } from './moment.ts';

export const labels = {
  nodes: 'Nodes',
  votes: 'votes',
  value: 'value',
  holder: 'holder',
  token: 'token',
  clock: 'clock',
  waiting: 'waiting',
  disk: 'disk',
  log: 'log',
  diskStalls: 'disk stalls',
  changed: 'changed',
  lastToAct: 'last to act',
  others: 'any other',
} as const;

// Nodes

/** What a disc says of a node that only believes to be in charge, in two rows. */
export function beliefRows({ holds }: NodeView): readonly [string, string] {
  const role = holds.find(({ isRole }) => isRole);
  return ['believes', role ? `it is ${role.of}` : 'it holds'];
}

/** Its standing, if that is true: `holder`; or what it believes: `believes it holds`. */
export function standingWord(node: NodeView): string {
  return onlyBelieves(node) ? beliefRows(node).join(' ') : node.standing;
}

/** Its role, unless its name says it, and its standing. */
export function aboutNode(node: NodeView): string[] {
  const { id, role, standing } = node;
  const words = [role === id ? '' : role, standing === role ? '' : standingWord(node)];
  return words.filter((word) => word !== '');
}

export function nodeInWords(node: NodeView): string {
  const { id, epoch, acted, disk } = node;
  const words = [
    ...aboutNode(node),
    ...(epoch ? [epochText(epoch)] : []),
    ...statusWords(node),
    ...(disk?.stalled ? [labels.diskStalls] : []),
    ...(acted ? [labels.lastToAct] : []),
  ];
  return words.length === 0 ? id : `${id}: ${words.join(', ')}`;
}

/** Of a standing, as the protocol explains it; empty if it does not, or if the node has none. */
function standingDoc({ standing }: NodeView, role: RoleView | undefined): string {
  const doc = role?.standings.find(({ name }) => name === standing)?.doc ?? '';
  return standing === '' || doc === '' ? '' : `${standing}: ${doc}`;
}

/**
 * The tooltip of a node in the picture: what it is, its values, the clock of its last event. `role`
 * explains them.
 */
export function nodeTitle(node: NodeView, role?: RoleView): string {
  const { facts, holds, shown, timers, logicalClock } = node;
  const about = standingDoc(node, role);
  return [
    nodeInWords(node),
    ...(about === '' ? [] : [about]),
    ...holds.map(holdInWords),
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...shown.map((view) => `${shownName(view)}: ${shownText(view)}`),
    ...timers.map((timer) => `${timer.name}: ${timerText(timer)}`),
    ...(logicalClock ? [logicalClockText(logicalClock)] : []),
  ].join('\n');
}

interface ShortNames extends Readonly<Record<'first' | 'last' | 'prefix', string>> {
  readonly areNumbers: boolean;
}

/** What the names in small discs leave out; they may be numbers alone. */
export function shortenedText(
  { first, last, prefix, areNumbers }: ShortNames,
): string {
  return areNumbers ? `${first}–${last}: numbers only` : `${first}–${last}: without “${prefix}”`;
}

export function epochText({ name, value }: NonNullable<NodeView['epoch']>): string {
  return `${name} ${value}`;
}

/** `t3` for term 3: a number alone could be anything. */
export function epochInitial({ name, value }: NonNullable<NodeView['epoch']>): string {
  return `${[...name][0] ?? ''}${value}`;
}

/** What it holds, or believes to hold: `holds order42`. */
export function holdInWords({ of, isRole, belief }: HoldView): string {
  if (isRole && belief === 'believes') return `only believes to be ${of}`;
  switch (belief) {
    case 'holds':
      return `holds ${of}`;
    case 'believes':
      return `only believes to hold ${of}`;
    case 'granted':
      return `holds ${of}, unaware`;
  }
}

/** The same in two rows, each to be read whole: half of a belief looks like a fact. */
export function holdRows({ of, isRole, belief }: HoldView): readonly [string, string] | undefined {
  if (belief === 'holds') return undefined;
  if (belief === 'granted') return ['unaware holder', `of ${of}`];
  return ['only believes', isRole ? `to be ${of}` : `to hold ${of}`];
}

/** `votedFor n1: The candidate that got its vote …`: a tooltip, and what screen readers say. */
export function explained(name: string, text: string, doc: string): string {
  const what = [name, text].filter((part) => part !== '').join(' ');
  return doc === '' ? what : `${what}: ${doc}`;
}

/** The last log entry of a node, in the tooltip of the line about its log. */
export function lastEntryText({ index, label }: LogView['entries'][number]): string {
  return label === '' ? `entry ${index}` : `entry ${index}, ${label}`;
}

/** The name of a line about a node. */
export function shownName(view: ShownView): string {
  switch (view.type) {
    case 'votes':
      return labels.votes;
    case 'lease':
    case 'interval':
      return view.name;
    case 'holder':
      return `holder of ${view.of}`;
    case 'value':
      return labels.value;
    case 'token':
      return labels.token;
  }
}

export function shownText(view: ShownView): string {
  switch (view.type) {
    case 'votes':
      return `${view.granted} of ${view.needed} needed`;
    case 'lease':
      return leaseText(view.left);
    case 'holder':
      return holderText(view);
    case 'interval':
      return intervalText(view);
    case 'value':
      return view.value;
    case 'token':
      return String(view.token);
  }
}

/** `A, token 34, then B, C`. */
function holderText({ is, token, next }: ShownView & { type: 'holder' }): string {
  const parts = [is];
  if (token !== undefined) parts.push(`token ${token}`);
  if (next !== undefined && next.length > 0) parts.push(`then ${next.join(', ')}`);
  return parts.join(', ');
}

function leaseText(left: number): string {
  if (left > 0) return `ends in ${timeText(left)}`;
  return left === 0 ? 'ends now' : `ended ${timeText(-left)} ago`;
}

/** `2.003384 s to 2.005412 s, ε 1.014 ms`: each microsecond counts when intervals are compared. */
function intervalText({
  earliest,
  latest,
  uncertainty,
}: ShownView & { type: 'interval' }): string {
  const times = [earliest, latest].map((time) => exactSecondsText(Math.max(0, time)));
  return `${times.join(' to ')}, ε ${exactTimeText(uncertainty)}`;
}

/** As short as the picture needs it: `2 of 3`, `2.1 s`. */
export function pictureValue(view: ShownView): string {
  switch (view.type) {
    case 'votes':
      return `${view.granted} of ${view.needed}`;
    case 'lease':
      return view.left > 0 ? timeText(view.left) : 'ended';
    default:
      return shownText(view);
  }
}

/** `+5 ms, +200 ppm`; empty for a clock that is right. */
export function clockText({ offset, drift }: ClockView): string {
  const parts: string[] = [];
  const ppm = Math.round(drift * 1e6);
  if (offset !== 0) parts.push(`${sign(offset)}${timeText(Math.abs(offset))}`);
  if (ppm !== 0) parts.push(`${sign(ppm)}${Math.abs(ppm)} ppm`);
  return parts.join(', ');
}

function sign(number: number): string {
  return number > 0 ? '+' : '−';
}

/** `stalled, 2 writes wait`, `20 ms for each write`. */
export function diskText({ stalled, slow, writes }: DiskView): string {
  const parts: string[] = [];
  if (stalled) parts.push('stalled');
  else if (slow > 0) parts.push(`${timeText(slow)} for each write`);
  if (writes > 0) parts.push(writes === 1 ? '1 write waits' : `${writes} writes wait`);
  return parts.join(', ');
}

export function waitingText(count: number): string {
  return `${count} until it resumes`;
}

export function timerText(timer: TimerView): string {
  return `in ${timerShort(timer)}`;
}

/** `131 ms`, where `in 131 ms` has no room. */
export function timerShort({ left }: TimerView): string {
  return timeText(left);
}

export function timerInWords(node: string, timer: TimerView): string {
  return `${node}'s ${timer.name} timer fires ${timerText(timer)}`;
}

// The picture as a whole

/** The text alternative of the picture. */
export function pictureInWords({ nodes, messages, unseen, islands }: ClusterView): string {
  const count = messages.length + unseen;
  const unusual = nodes.filter(
    (node) => node.stands === 'out' || node.acted || statusWords(node).length > 0,
  );
  return [
    nodes.length === 1 ? '1 node' : `${nodes.length} nodes`,
    ...unusual.map(nodeInWords),
    count === 1 ? '1 message in flight' : `${count || 'no'} messages in flight`,
    ...(islands.length > 0 ? [`${islands.length} parts that cannot reach each other`] : []),
  ].join('; ');
}

/** What the last action changed in the picture; empty if it changed nothing. */
export function changesInWords({ nodes, messages, lost }: ClusterView): string {
  const sent = messages.filter(({ fresh }) => fresh);
  return [
    ...nodes.flatMap(nodeChanges),
    ...groupsOf(sent).map(({ type, from, to }) => `${from} sent ${type} to ${to.join(', ')}`),
    ...groupsOf(lost).map(
      ({ type, from, to }) => `${type} from ${from} to ${to.join(', ')} is lost`,
    ),
  ].join('. ');
}

function nodeChanges({ id, changes, shown, facts, log }: NodeView): string[] {
  const values = [
    ...shown
      .filter(({ changed }) => changed)
      .map((view) => `${shownName(view)} ${shownText(view)}`),
    ...facts.filter(({ changed }) => changed).map(({ name, value }) => `${name} ${value}`),
  ];
  const added = log?.entries.filter(({ changed }) => changed).map(({ index }) => index) ?? [];
  return [
    ...changes.map((change) => changeInWords(id, change)),
    ...(values.length > 0 ? [`${id} now shows ${values.join(', ')}`] : []),
    ...(added.length > 0 ? [`${id} has new log entries: ${added.join(', ')}`] : []),
  ];
}

function changeInWords(id: string, { type, from, to }: NodeChange): string {
  if (type === 'status') return to === '' ? `${id} runs again` : `${id} is ${to}`;
  if (from === '') return `${id} is now ${to}`;
  return to === '' ? `${id} is no longer ${from}` : `${id} was ${from} and is now ${to}`;
}

interface Group {
  type: string;
  from: string;
  to: string[];
}

/** Messages of one type from one sender are named once. */
function groupsOf(messages: readonly { type: string; from: string; to: string }[]): Group[] {
  const groups: Group[] = [];
  for (const { type, from, to } of messages) {
    const known = groups.find((group) => group.type === type && group.from === from);
    if (known) known.to.push(to);
    else groups.push({ type, from, to: [to] });
  }
  return groups;
}
