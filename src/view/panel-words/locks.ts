/** The words of the panel Locks and Leases: intervals, conflicts, writes, and what changed. */
import { timeText } from '../../kernel/text/duration.ts';
import type { Micros } from '../contract.ts';
import type {
  AuthorityRow, ConflictView, Held, LocksView, LockView, OutageView, SpanView, WriteView,
} from '../locks/locks-view.ts';

export const labels = {
  none: 'Nothing is held yet, and no node believes that it holds anything.',
  legend: 'Legend',
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
  held: 'held, as the authority has it; or elected',
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
  return `… ${timeText(gap)} …`;
}

/** Of a leadership: all its nodes elect, and none of them keeps a record of it. */
export function authorityLabel({ nodes }: AuthorityRow, { elected }: Held): string {
  if (elected !== undefined) return 'elected';
  if (nodes.length === 0) return 'held';
  return nodes.length <= 2 ? `held, by ${nodes.join(', ')}` : `held, by ${nodes.length} nodes`;
}

/** The whole of what a narrow column has no room for. */
export function authorityTitle(row: AuthorityRow, lock: Held): string {
  if (lock.elected === undefined) return authorityLabel(row, lock);
  const { name, elected } = lock;
  const nodes = row.nodes.join(', ');
  return `The ${name} of the latest ${elected}, until most of ${nodes} are in a later one`;
}

export function believerLabel(node: string): string {
  return `${node} believes`;
}

/** `token 33` of a lock, `term 2` of a leadership. */
export function tokenText(token: SpanView['token'], { elected = 'token' }: Held): string {
  return token === null ? '' : `${elected} ${token}`;
}

/** `holds order42`, `is leader`; with a token, ` with token 33`, ` in term 2`. */
function heldText({ token }: Pick<SpanView, 'token'>, lock: Held, isHeld: boolean): string {
  const { name, elected } = lock;
  const verb = elected === undefined ? `holds ${name}` : `is the ${name}`;
  const bearing = token === null ? [] :
    [elected === undefined ? `with ${tokenText(token, lock)}` : `in ${tokenText(token, lock)}`];
  const pronoun = isHeld ? [] : ['believes that it'];
  return [...pronoun, verb, ...bearing].join(' ');
}

/** In a bar: `A · 33`. */
export function barText({ holder, token }: SpanView, lock: Held, isHeld: boolean): string {
  if (!isHeld) return tokenText(token, lock);
  return token === null ? holder : `${holder} · ${tokenText(token, lock)}`;
}

/** `A holds order42 with token 33 from 20 ms to 10.02 s (10 s), extended 2 times`. */
export function spanText(span: SpanView, lock: Held, isHeld: boolean, now: Micros): string {
  const { holder, from, to, renewals, end } = span;
  const parts = [`${holder} ${heldText(span, lock, isHeld)}`];
  parts.push(`from ${timeText(from)}`);
  parts.push(to === null ? 'on' : `to ${timeText(to)} (${timeText(to - from)})`);
  const text = [parts.join(' ')];
  if (renewals.length > 0) text.push(`extended ${times(renewals.length)}`);
  if (end !== null) text.push(endText(end, isHeld ? 'the authority' : holder, now));
  return text.join('; ');
}

function endText({ own, at }: NonNullable<SpanView['end']>, by: string, now: Micros): string {
  const verb = at <= now ? 'ended' : 'ends';
  if (Math.abs(own - at) < 1_000) return `its time ${verb} at ${timeText(at)}`;
  return `its time ${verb} at ${timeText(at)}, when the clock of ${by} shows ${timeText(own)}`;
}

export function endMarkText(span: SpanView, lock: Held, isHeld: boolean, now: Micros): string {
  const by = isHeld ? 'the authority' : span.holder;
  return `${span.holder}, ${lock.name}: ${endText(span.end!, by, now)}`;
}

export function renewalText(holder: string, { name }: Held, at: Micros): string {
  return `${holder} extends ${name} at ${timeText(at)}`;
}

/** `A and B both believe they hold x for 310 ms`. */
export function conflictText({ type, nodes, from, to }: ConflictView, lock: Held, now: Micros) {
  const { name, elected } = lock;
  const since = Math.max(0, (to ?? now) - from);
  const soFar = since === 0 ? justBegun : `for ${timeText(since)} so far`;
  const lasting = to === null ? soFar : `for ${timeText(since)}`;
  const isElected = elected !== undefined;
  if (type === 'two') {
    const what = isElected ? `are the ${name}` : `hold ${name}`;
    return `${nodes.join(' and ')} both believe they ${what} ${lasting}`;
  }
  const what = isElected ? `is the ${name}` : `holds ${name}`;
  return `${nodes[0]} believes it ${what} ${lasting}, and ${isElected ? 'is' : 'does'} not${
    isElected ? '' : ' hold it'}`;
}

/** The most telling conflict of a lock in a few words; empty if there is none. */
export function conflictSummary(lock: LockView, now: Micros): string {
  const worst = worstOf(lock, now);
  return worst === undefined ? '' : conflictText(worst, lock, now);
}

/** The same, where there is less room and the name of the lock stands beside it. */
export function shortConflict(lock: LockView, now: Micros): string {
  const worst = worstOf(lock, now);
  if (worst === undefined) return '';
  const { nodes, type, to } = worst;
  const verb = type === 'two' ? 'both believe it' : 'believes it wrongly';
  const length = lengthOf(worst, now);
  const lasting = to === null && length === 0 ? justBegun : timeText(length);
  return `${nodes.join(' and ')} ${verb}, ${lasting}`;
}

/** At the very moment in which it begins. */
const justBegun = 'since this moment';

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
  const until = to === null ? '' : ` to ${timeText(to)} (${timeText(to - from)})`;
  return `${node} ${what} from ${timeText(from)}${until}`;
}

/** Beside a mark: `A · 33`, `A · 33 refused: token 33 is older than 34`. */
export function writeLabel({ accepted, from, token, reason = '', older }: WriteView): string {
  const who = token === undefined || token === null ? from : `${from} · ${token}`;
  if (accepted) return older === undefined ? who : `${who} accepted after ${older}`;
  return [`${who} refused`, reason].filter((part) => part !== '').join(': ');
}

/** The same without its reason. */
export function writeLabelInShort({ accepted, from, token }: WriteView): string {
  const who = token === undefined || token === null ? from : `${from} · ${token}`;
  return accepted ? who : `${who} refused`;
}

/** Of rows that are out of view, on a button that goes there. */
export function rowsBelowText(count: number): string {
  return count === 1 ? '1 row below' : `${count} rows below`;
}

export function writeText(write: WriteView, store: string): string {
  const { accepted, from, what, token, reason = '', at, older } = write;
  const verb = accepted ? 'accepts' : 'refuses';
  const value = what === '' ? `a write of ${from}` : `${what} from ${from}`;
  const own = token === null ? ' without a token' : ` with token ${token}`;
  const bearing = token === undefined ? '' : own;
  if (older !== undefined) {
    const after = `after one with token ${older}: it overwrites what a later holder wrote`;
    return `${store} ${verb} ${value}${bearing} at ${timeText(at)}, ${after}`;
  }
  const why = accepted || reason === '' ? '' : `: ${reason}`;
  return `${store} ${verb} ${value}${bearing} at ${timeText(at)}${why}`;
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
  for (const lock of locks) {
    const { authority, believers, conflicts } = lock;
    for (const span of authority?.spans ?? []) said.push(...changeOf(span, lock, true, step));
    for (const { spans } of believers) {
      for (const span of spans) said.push(...changeOf(span, lock, false, step));
    }
    for (const one of conflicts) {
      if (one.step === step) said.push(conflictText(one, lock, now));
    }
  }
  for (const { node, writes } of stores) {
    for (const write of writes) if (write.step === step) said.push(writeText(write, node));
  }
  return said;
}

function changeOf(span: SpanView, lock: Held, isHeld: boolean, step: number): string[] {
  const { holder, fromStep, toStep, renewals } = span;
  if (fromStep === step) return [`${holder} ${heldText(span, lock, isHeld)}`];
  if (toStep === step) {
    return [`${holder} no longer ${heldText({ token: null }, lock, isHeld)}`];
  }
  return renewals.some((one) => one.step === step) ? [`${holder} extends ${lock.name}`] : [];
}

/** The picture in a few sentences: its label for screen readers. */
export function pictureText({ locks, now }: LocksView): string {
  const sentences = locks.flatMap((lock) => {
    const current = ({ from, to }: SpanView) => from <= now && (to === null || to > now);
    const holders = lock.authority?.spans.filter(current).map(({ holder }) => holder) ?? [];
    const believers = lock.believers.filter(({ spans }) => spans.some(current));
    const held = lock.authority === undefined ? [] : [heldSentence(lock, holders)];
    const believed = believers.map(({ node }) => {
      return `${node} ${heldText({ token: null }, lock, false)}`;
    });
    const conflict = conflictSummary(lock, now);
    return [...held, ...believed, ...(conflict === '' ? [] : [conflict])];
  });
  return sentences.length === 0 ? labels.none : `${sentences.join('. ')}.`;
}

function heldSentence({ name, elected }: Held, holders: readonly string[]): string {
  if (elected !== undefined) {
    return holders.length === 0 ? `There is no ${name}` : `${holders.join(', ')} is the ${name}`;
  }
  return `${name} is ${holders.length === 0 ? 'free' : `held by ${holders.join(', ')}`}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** On the axis and in the table; a span that goes on has no end yet. */
export function timeLabel(time: Micros | null): string {
  return time === null ? '' : timeText(time);
}
