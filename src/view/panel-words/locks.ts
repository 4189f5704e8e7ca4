/** The words of the panel Locks and Leases: intervals, conflicts, writes, and what changed. */
import { formatTime, timeText as spaced } from '../../kernel/text/duration.ts';
import type { Micros } from '../contract.ts';
import type {
  AuthorityRow, ConflictView, LocksView, LockView, OutageView, SpanView, WriteView,
} from '../locks/locks-view.ts';

export const labels = {
  none: 'Nothing is held yet, and no node believes that it holds anything.',
  key: 'Key',
  table: 'As a table',
  storage: 'Writes',
  paused: 'paused',
  off: 'not running',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  all: 'Whole run',
  earlier: 'Earlier',
  keys: 'Arrow keys move between intervals and marks; Enter goes to the moment of one.',
} as const;

/** The columns of the table. */
export const columns = ['Lock', 'From', 'To', 'What'] as const;

export const legend = {
  held: 'held, as the authority has it',
  believed: 'believed by the node itself',
  conflict: 'belief that the authority or another node contradicts',
  paused: 'paused or not running',
  end: 'end of the lease',
  renewal: 'renewal',
  accepted: 'write accepted',
  refused: 'write refused',
} as const;

/** A part of the axis in which nothing happens. */
export function gapText(gap: Micros): string {
  return `… ${spaced(gap)} …`;
}

export function authorityLabel({ nodes }: AuthorityRow): string {
  if (nodes.length === 0) return 'held';
  return nodes.length <= 2 ? `held, by ${nodes.join(', ')}` : `held, by ${nodes.length} nodes`;
}

export function believerLabel(node: string): string {
  return `${node} believes`;
}

export function tokenText(token: SpanView['token']): string {
  return token === null ? '' : `token ${token}`;
}

/** In a bar: `A · 33`. */
export function barText({ holder, token }: SpanView, isHeld: boolean): string {
  if (!isHeld) return tokenText(token);
  return token === null ? holder : `${holder} · ${tokenText(token)}`;
}

/** `A holds order42 with token 33 from 0.02s to 10.02s (10 s), extended 2 times`. */
export function spanText(span: SpanView, lock: string, isHeld: boolean, now: Micros): string {
  const { holder, token, from, to, renewals, end } = span;
  const verb = isHeld ? 'holds' : 'believes that it holds';
  const parts = [`${holder} ${verb} ${lock}`];
  if (token !== null) parts.push(`with ${tokenText(token)}`);
  parts.push(`from ${formatTime(from)}`);
  parts.push(to === null ? 'on' : `to ${formatTime(to)} (${spaced(to - from)})`);
  const text = [parts.join(' ')];
  if (renewals.length > 0) text.push(`extended ${times(renewals.length)}`);
  if (end !== null) text.push(endText(end, isHeld ? 'the authority' : holder, now));
  return text.join('; ');
}

function endText({ own, at }: NonNullable<SpanView['end']>, by: string, now: Micros): string {
  const verb = at <= now ? 'ended' : 'ends';
  if (Math.abs(own - at) < 1_000) return `its time ${verb} at ${formatTime(at)}`;
  return `its time ${verb} at ${formatTime(at)}, when the clock of ${by} shows ${formatTime(own)}`;
}

export function endMarkText(span: SpanView, lock: string, isHeld: boolean, now: Micros): string {
  const by = isHeld ? 'the authority' : span.holder;
  return `${span.holder}, ${lock}: ${endText(span.end!, by, now)}`;
}

export function renewalText(holder: string, lock: string, at: Micros): string {
  return `${holder} extends ${lock} at ${formatTime(at)}`;
}

/** `A and B both believe they hold x for 310 ms`. */
export function conflictText({ type, nodes, from, to }: ConflictView, lock: string, now: Micros) {
  const since = Math.max(0, (to ?? now) - from);
  const lasting = to === null ? `for ${spaced(since)} so far` : `for ${spaced(since)}`;
  if (type === 'two') return `${nodes.join(' and ')} both believe they hold ${lock} ${lasting}`;
  return `${nodes[0]} believes it holds ${lock} ${lasting}, and does not hold it`;
}

/** The most telling conflict of a lock in a few words; empty if there is none. */
export function conflictSummary(lock: LockView, now: Micros): string {
  const { name } = lock;
  const worst = worstOf(lock, now);
  return worst === undefined ? '' : conflictText(worst, name, now);
}

/** The same, where there is less room and the name of the lock stands beside it. */
export function shortConflict(lock: LockView, now: Micros): string {
  const worst = worstOf(lock, now);
  if (worst === undefined) return '';
  const { nodes, type } = worst;
  const verb = type === 'two' ? 'both believe it' : 'believes it wrongly';
  return `${nodes.join(' and ')} ${verb}, ${spaced(lengthOf(worst, now))}`;
}

function worstOf({ conflicts }: LockView, now: Micros): ConflictView | undefined {
  const begun = conflicts.filter(({ from }) => from <= now);
  const two = begun.filter(({ type }) => type === 'two');
  return [...(two.length > 0 ? two : begun)]
    .sort((a, b) => lengthOf(b, now) - lengthOf(a, now))[0];
}

function lengthOf({ from, to }: ConflictView, now: Micros): number {
  return (to ?? now) - from;
}

export function outageText({ type, from, to }: OutageView, node: string): string {
  const what = type === 'paused' ? 'is paused' : 'is not running';
  const until = to === null ? '' : ` to ${formatTime(to)} (${spaced(to - from)})`;
  return `${node} ${what} from ${formatTime(from)}${until}`;
}

/** Beside a mark: `A · 33`, `A · 33 refused: token 33 is older than 34`. */
export function writeLabel({ accepted, from, token, reason = '', older }: WriteView): string {
  const who = token === undefined || token === null ? from : `${from} · ${token}`;
  if (accepted) return older === undefined ? who : `${who} accepted after ${older}`;
  return [`${who} refused`, reason].filter((part) => part !== '').join(': ');
}

export function writeText(write: WriteView, store: string): string {
  const { accepted, from, what, token, reason = '', at, older } = write;
  const verb = accepted ? 'accepts' : 'refuses';
  const value = what === '' ? `a write of ${from}` : `${what} from ${from}`;
  const own = token === null ? ' without a token' : ` with token ${token}`;
  const bearing = token === undefined ? '' : own;
  if (older !== undefined) {
    const after = `after one with token ${older}: it overwrites what a later holder wrote`;
    return `${store} ${verb} ${value}${bearing} at ${formatTime(at)}, ${after}`;
  }
  const why = accepted || reason === '' ? '' : `: ${reason}`;
  return `${store} ${verb} ${value}${bearing} at ${formatTime(at)}${why}`;
}

export function leftText(left: number): string {
  return `The last ones are drawn: ${left} earlier intervals and marks are left out.`;
}

export function sinceText(since: number): string {
  return `The run is long: shown from step ${since} on.`;
}

// What changed

/** The sentences for what began or ended with a step. */
export function changesAt({ locks, stores, now }: LocksView, step: number): string[] {
  const said: string[] = [];
  for (const { name, authority, believers, conflicts } of locks) {
    for (const span of authority?.spans ?? []) said.push(...changeOf(span, name, true, step));
    for (const { spans } of believers) {
      for (const span of spans) said.push(...changeOf(span, name, false, step));
    }
    for (const one of conflicts) {
      if (one.step === step) said.push(conflictText(one, name, now));
    }
  }
  for (const { node, writes } of stores) {
    for (const write of writes) if (write.step === step) said.push(writeText(write, node));
  }
  return said;
}

function changeOf(span: SpanView, lock: string, isHeld: boolean, step: number): string[] {
  const { holder, token, fromStep, toStep, renewals } = span;
  const verb = isHeld ? 'holds' : 'believes that it holds';
  if (fromStep === step) {
    const bearing = token === null ? '' : ` with ${tokenText(token)}`;
    return [`${holder} ${verb} ${lock}${bearing}`];
  }
  if (toStep === step) return [`${holder} no longer ${verb} ${lock}`];
  return renewals.some((one) => one.step === step) ? [`${holder} extends ${lock}`] : [];
}

/** The picture in a few sentences: its label for screen readers. */
export function pictureText({ locks, now }: LocksView): string {
  const sentences = locks.flatMap((lock) => {
    const current = ({ from, to }: SpanView) => from <= now && (to === null || to > now);
    const holders = lock.authority?.spans.filter(current).map(({ holder }) => holder) ?? [];
    const believers = lock.believers.filter(({ spans }) => spans.some(current));
    const held = lock.authority === undefined ? [] : [`${lock.name} is ${heldBy(holders)}`];
    const believed = believers.map(({ node }) => `${node} believes that it holds ${lock.name}`);
    const conflict = conflictSummary(lock, now);
    return [...held, ...believed, ...(conflict === '' ? [] : [conflict])];
  });
  return sentences.length === 0 ? labels.none : `${sentences.join('. ')}.`;
}

function heldBy(holders: readonly string[]): string {
  return holders.length === 0 ? 'free' : `held by ${holders.join(', ')}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** On the axis: `10.02 s` for `10.020113s`. */
export function shortTime(time: Micros): string {
  return formatTime(Math.round(time / 1_000) * 1_000).replace(/\.?0+s$/, ' s');
}

export function timeText(time: Micros | null): string {
  return time === null ? '' : formatTime(time);
}
