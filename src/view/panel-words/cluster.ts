/** The words of the Cluster panel: nodes, messages, cut links and logs. */
import { statusWords } from '../../kernel/text/status-text.ts';
import { isOff } from '../../kernel/seam/moment.ts';
import type {
  ClockView,
  ClusterView,
  DiskView,
  LogView,
  MessageView,
  NodeView,
  ShownView,
  TimerView,
} from '../contract.ts';
import { durationText, formatDuration, formatTime } from '../../kernel/text/duration.ts';
import { logicalClockText } from './logical-clock.ts';

export const labels = {
  nodes: 'Nodes',
  votes: 'votes',
  value: 'value',
  token: 'token',
  clock: 'clock',
  waiting: 'waiting',
  disk: 'disk',
  diskStalls: 'disk stalls',
  changed: 'changed',
  lastToAct: 'last to act',
  inFlight: 'In flight',
  messagesInFlight: 'Messages in flight',
  noMessages: 'No message is in flight.',
  next: 'next',
  justSent: 'just sent',
  deliverNow: 'Deliver now',
  logs: 'Logs',
  logsByIndex: 'Logs by index',
  noEntries: 'No node has a log entry yet.',
  earlierEntry: 'earlier entry, not shown',
  committed: 'committed',
  notCommitted: 'not committed',
  applied: 'applied',
  lastCommitted: 'last committed',
} as const;

// Nodes

/** Its role, unless its name says it, and its standing. */
export function aboutNode({ id, role, standing }: NodeView): string[] {
  const words = [role === id ? '' : role, standing === role ? '' : standing];
  return words.filter((word) => word !== '');
}

/** The line below a node's name in the picture. */
export function nodeCaption(node: NodeView): string {
  const { id, role, status, standing, waiting, disk } = node;
  const words = [...statusWords(node), ...(disk?.stalled ? [labels.diskStalls] : [])].join(', ');
  if (isOff(status)) return words;
  // A paused node still believes to be what it was.
  if (words !== '' && standing) return `${standing}, ${words}`;
  if (words !== '') return waiting > 0 ? `${words} · ${waiting}` : words;
  return standing || (role === id ? '' : role);
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

/** The tooltip of a node in the picture: what it is, its values, the clock of its last event. */
export function nodeTitle(node: NodeView): string {
  const { facts, shown, logicalClock } = node;
  return [
    nodeInWords(node),
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...shown.map((view) => `${shownName(view)}: ${shownText(view)}`),
    ...(logicalClock ? [logicalClockText(logicalClock)] : []),
  ].join('\n');
}

export function epochText({ name, value }: NonNullable<NodeView['epoch']>): string {
  return `${name} ${value}`;
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
  if (left > 0) return `ends in ${durationText(left)}`;
  return left === 0 ? 'ends now' : `ended ${durationText(-left)} ago`;
}

/** `2.003384s to 2.005412s, ε 1.014ms`: each microsecond counts when intervals are compared. */
function intervalText({ earliest, latest, uncertainty }: ShownView & { type: 'interval' }): string {
  const times = [earliest, latest].map((time) => formatTime(Math.max(0, time)));
  return `${times.join(' to ')}, ε ${formatDuration(uncertainty)}`;
}

/** `+5ms, +200 ppm`; empty for a clock that is right. */
export function clockText({ offset, drift }: ClockView): string {
  const parts: string[] = [];
  const ppm = Math.round(drift * 1e6);
  if (offset !== 0) parts.push(`${sign(offset)}${durationText(Math.abs(offset))}`);
  if (ppm !== 0) parts.push(`${sign(ppm)}${Math.abs(ppm)} ppm`);
  return parts.join(', ');
}

function sign(number: number): string {
  return number > 0 ? '+' : '−';
}

/** `stalled, 2 writes wait`, `20ms for each write`. */
export function diskText({ stalled, slow, writes }: DiskView): string {
  const parts: string[] = [];
  if (stalled) parts.push('stalled');
  else if (slow > 0) parts.push(`${durationText(slow)} for each write`);
  if (writes > 0) parts.push(writes === 1 ? '1 write waits' : `${writes} writes wait`);
  return parts.join(', ');
}

export function waitingText(count: number): string {
  return `${count} until it resumes`;
}

export function timerText({ left }: TimerView): string {
  return `in ${durationText(left)}`;
}

// Messages and links

export function messageDetails({ details, left }: MessageView): string {
  return [details, `due in ${durationText(left)}`].filter((part) => part !== '').join(' · ');
}

export function deliverLabel({ type, from, to }: MessageView): string {
  return `${labels.deliverNow}: ${type} from ${from} to ${to}`;
}

/** The summary of a message, then all of its fields if they say more. */
export function markerTitle(message: MessageView): string {
  const { type, from, to, details, fields, logicalClock } = message;
  const all = fields === details ? '' : fields;
  const sent = logicalClock ? `sent at ${logicalClockText(logicalClock)}` : '';
  const lines = [`${type}, ${from} → ${to}`, details, all, sent, 'Click to deliver now.'];
  return lines.filter((line) => line !== '').join('\n');
}

/** A link that is cut, in one direction or in both. */
export interface CutLink {
  from: string;
  to: string;
  bothWays: boolean;
}

export function cutTitle({ from, to, bothWays }: CutLink): string {
  return bothWays ? `${from} and ${to} cannot reach each other` : `${from} cannot reach ${to}`;
}

export function cutsInWords(links: readonly CutLink[]): string {
  const pairs = links.map(({ from, to, bothWays }) => `${from} ${bothWays ? '↔' : '→'} ${to}`);
  return `Cut links: ${pairs.join(', ')}.`;
}

/** The name of an island in the picture and in words: 1, 2, 3 …; nodes are often called A and B. */
export function islandName(index: number): string {
  return String(index + 1);
}

export function islandsInWords(islands: ClusterView['islands']): string {
  const groups = islands.map((ids, index) => `part ${islandName(index)}: ${ids.join(', ')}`);
  return `The network is partitioned: ${groups.join('; ')}.`;
}

// Logs

type LogEntry = LogView['entries'][number];

export function entryState({ committed, applied }: LogEntry): string {
  if (applied) return labels.applied;
  return committed ? labels.committed : labels.notCommitted;
}

export function entryTitle(entry: LogEntry): string {
  const { index, label, epoch } = entry;
  const parts = [label, ...(epoch === undefined ? [] : [`epoch ${epoch}`]), entryState(entry)];
  return `entry ${index}: ${parts.join(', ')}`;
}

/** What a screen reader adds to an entry. */
export function spokenEntry(entry: LogEntry): string {
  return entry.changed ? `${entryState(entry)}, ${labels.changed}` : entryState(entry);
}
