/**
 * The four session guarantees (Terry et al., "Session guarantees for weakly consistent replicated
 * data", 1994). Each says which writes a read must have seen; the read must not return an older
 * value of the same key. Which of two writes is older is open (Viotti and Vukolić 2016), but all
 * reads must agree, and the writes of one session to one key are in its order.
 */
import type { Meter } from '../limits.ts';
import type { Edge, Pattern } from '../verdict.ts';
import { programOrder, type ReadsWrites } from './reads-writes.ts';
import { Relation } from './relation.ts';
import type { PatternCheck, ReadsFrom } from './sources.ts';

export type Guarantee =
  | 'read-your-writes'
  | 'monotonic-reads'
  | 'monotonic-writes'
  | 'writes-follow-reads';

/** A write that a read must have seen, and through which operations. */
interface Seen {
  readonly write: number;
  readonly edges: readonly Edge[];
}

export function sessionGuarantee(
  guarantee: Guarantee,
  history: ReadsWrites,
  meter: Meter,
): PatternCheck {
  const sessionOf = sessionsOf(history, meter);
  return (from) => {
    const age = new Relation(history.all.length, meter);
    for (const [write, { type }] of history.all.entries()) {
      if (type !== 'write') continue;
      const found = ordered(guarantee, history, sessionOf(write), from, age);
      if (found !== undefined) return found;
    }
    for (const [read, source] of from) {
      for (const { write, edges } of seenBefore(guarantee, history, sessionOf, read, from)) {
        if (write === source) continue;
        const returned = source < 0 ? {} : { returned: source };
        const shownBy = [...edges.map(({ from: one }) => one), read];
        if (source >= 0 && age.add(write, source, 'overwritten first', shownBy)) continue;
        const older = source < 0 ? [] : age.path(source, write);
        const shown = [...older, ...edges];
        const found = { read, missed: write, ...returned, edges: shown };
        return { code: 'pattern', pattern: 'stale read', ...found };
      }
    }
    return undefined;
  };
}

/** What is known of the age of the last write of a session before any read. */
function ordered(
  guarantee: Guarantee,
  { all }: ReadsWrites,
  session: readonly number[],
  from: ReadsFrom,
  age: Relation,
): Pattern | undefined {
  const one = session.at(-1)!;
  for (const before of session.slice(0, -1)) {
    const isWrite = all[before].type === 'write';
    const older = isWrite ? before : (from.get(before) ?? -1);
    const counts = isWrite
      ? guarantee === 'monotonic-writes' || all[before].key === all[one].key
      : guarantee === 'writes-follow-reads';
    if (!counts || older < 0 || age.add(older, one, 'program order')) continue;
    return { code: 'pattern', pattern: 'cycle', edges: age.path(older, older) };
  }
  return undefined;
}

/** The operations of the process of an operation up to that one, in their order. */
type SessionOf = (operation: number) => readonly number[];

/** Sessions are listed when they are asked for: together, they are as long as the square of one. */
function sessionsOf({ all }: ReadsWrites, meter: Meter): SessionOf {
  const order = programOrder(all);
  return (operation) => {
    const session = [operation];
    for (let [at] = order[operation]; at !== undefined; [at] = order[at]) session.push(at);
    meter.step(session.length);
    return session.reverse();
  };
}

/** The writes of its key that the guarantee makes a read see. */
function seenBefore(
  guarantee: Guarantee,
  { all }: ReadsWrites,
  sessionOf: SessionOf,
  read: number,
  from: ReadsFrom,
): Seen[] {
  const session = sessionOf(read);
  const { key } = all[read];
  const after = (one: number): Edge[] =>
    one === read ? [] : [{ from: one, to: read, because: 'program order' }];
  const earlier = session.slice(0, -1);
  if (guarantee === 'read-your-writes') {
    return earlier
      .filter((one) => all[one].type === 'write' && all[one].key === key)
      .map((write) => ({ write, edges: after(write) }));
  }
  const sourceOf = (one: number) => (all[one].type === 'read' ? (from.get(one) ?? -1) : -1);
  if (guarantee === 'monotonic-reads') {
    return earlier
      .filter((one) => all[one].key === key && sourceOf(one) >= 0)
      .map((one) => {
        const write = sourceOf(one);
        return { write, edges: [readsFrom(write, one), ...after(one)] };
      });
  }
  // What came before a write in its own session, as this session saw that write.
  return session.flatMap((one): Seen[] => {
    const source = sourceOf(one);
    if (source < 0) return [];
    const rest = [readsFrom(source, one), ...after(one)];
    return sessionOf(source).slice(0, -1).flatMap((before): Seen[] => {
      if (all[before].key !== key) return [];
      const edge: Edge = { from: before, to: source, because: 'program order' };
      if (all[before].type === 'write') {
        return guarantee === 'monotonic-writes' ? [{ write: before, edges: [edge, ...rest] }] : [];
      }
      const write = sourceOf(before);
      if (guarantee !== 'writes-follow-reads' || write < 0) return [];
      return [{ write, edges: [readsFrom(write, before), edge, ...rest] }];
    });
  });
}

function readsFrom(from: number, to: number): Edge {
  return { from, to, because: 'reads from' };
}
