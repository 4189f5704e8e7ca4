/** Intervals of holding and believing, noted step by step: each costs what has changed in it. */
import { compareEpochs } from '../../kernel/data/epoch-order.ts';
import { isOff, type Moment, type NodeMoment } from '../../kernel/seam/moment.ts';
import type { WalkedStep } from '../../session/read/reading.ts';
import type { Look } from '../../protocol/types.ts';
import type { Micros } from '../contract.ts';
import {
  type Belief, type End, type Hold, type Holding, holdingsOf, type Shown,
} from '../holding.ts';
import type {
  ConflictView, LockView, OutageView, SpanView, StoreView, WriteView,
} from './locks-view.ts';

interface Row {
  readonly spans: SpanView[];
  readonly open: Map<string, SpanView>;
}

interface Lock {
  readonly name: string;
  elected?: string;
  authority: (Row & { nodes: string[] }) | null;
  readonly believers: Map<string, Row>;
  readonly conflicts: ConflictView[];
  readonly open: Map<string, ConflictView>;
}

interface Store {
  readonly writes: WriteView[];
  /** The highest token that it has accepted. */
  highest: number | null;
}

/** What happened on this branch from the first noted step on. */
export class LockRecording {
  step = -1;
  time: Micros = 0;
  private shown: Shown[] = [];
  private locks = new Map<string, Lock>();
  private outages = new Map<string, OutageView[]>();
  private stores = new Map<string, Store>();
  private last: readonly Holding[] = [];

  constructor(readonly since: number) {}

  note({ step, action, effects, moment }: WalkedStep): void {
    const { time } = moment;
    // A delivery and a timer change the node that acts; other actions may change any.
    const isPlain = action?.type === 'deliver' || action?.type === 'fire';
    const isChanged = this.read(moment, isPlain ? effects.acted : null);
    this.noteOutages(moment, step);
    for (const event of effects.events) this.noteWrite(moment, event, step);
    if (isChanged || this.last.some((one) => isDue(one, time))) this.noteHoldings(step, time);
    this.step = step;
    this.time = time;
  }

  /** A copy that goes on by itself. What is over never changes, so the two share it. */
  fork(): LockRecording {
    const fork = new LockRecording(this.since);
    const { step, time, shown, locks, outages, stores, last } = this;
    return Object.assign(fork, {
      step, time, last,
      shown: [...shown],
      locks: mapped(locks, forkOfLock),
      outages: mapped(outages, (all) => {
        return all.map((one) => (one.to === null ? { ...one } : one));
      }),
      stores: mapped(stores, (store) => ({ ...store, writes: [...store.writes] })),
    });
  }

  /** Reads the look of the node that acted, or of all; returns whether anything was read. */
  private read({ nodes }: Moment, acted: number | null): boolean {
    let isChanged = acted === null || this.shown.length !== nodes.length;
    for (const node of isChanged ? nodes : nodes.slice(Math.max(acted!, 0), acted! + 1)) {
      const { index, look } = node;
      const before = this.shown[index];
      this.shown[index] = { node: copied(node), look };
      isChanged ||= before === undefined || relevant(before.look) !== relevant(look);
    }
    return isChanged;
  }

  private noteHoldings(step: number, time: Micros): void {
    this.last = holdingsOf(this.shown, time);
    const seen = new Set(this.last.map(({ of }) => of));
    for (const holding of this.last) this.noteHolding(holding, step, time);
    for (const [name, lock] of this.locks) {
      if (!seen.has(name)) this.noteHolding(nothing(name, lock), step, time);
    }
  }

  private noteHolding(holding: Holding, step: number, time: Micros): void {
    const { of, authority, beliefs } = holding;
    const isEmpty = beliefs.length === 0 && (authority?.holders.length ?? 0) === 0;
    if (isEmpty && !this.locks.has(of)) return;
    const lock = this.lock(of);
    if (holding.elected !== undefined) lock.elected = holding.elected;
    if (authority !== null) {
      lock.authority ??= { nodes: [], spans: [], open: new Map() };
      // Of a lock that is free, the nodes are known from when it was held.
      if (authority.holders.length > 0) lock.authority.nodes = [...authority.nodes];
      follow(lock.authority, authority.holders.map(heldPart), { step, time, endsByTime: true });
    }
    for (const { node } of beliefs) {
      if (!lock.believers.has(node)) lock.believers.set(node, { spans: [], open: new Map() });
    }
    for (const [node, row] of lock.believers) {
      const own = beliefs.filter((belief) => belief.node === node);
      follow(row, own.map(believedPart), { step, time, endsByTime: false });
    }
    noteConflicts(lock, beliefs, step, time);
  }

  private lock(name: string): Lock {
    const known = this.locks.get(name);
    if (known !== undefined) return known;
    const made: Lock = {
      name, authority: null, believers: new Map(), conflicts: [], open: new Map(),
    };
    this.locks.set(name, made);
    return made;
  }

  private noteOutages({ nodes, time }: Moment, step: number): void {
    for (const { id, status } of nodes) {
      const type = isOff(status) ? 'off' : status === 'paused' ? 'paused' : undefined;
      const all = this.outages.get(id);
      const last = all?.at(-1);
      const current = last !== undefined && last.to === null ? last : undefined;
      if (current?.type === type) continue;
      if (current !== undefined) current.to = time;
      if (type === undefined) continue;
      const begun: OutageView = { type, from: time, step, to: null };
      if (all === undefined) this.outages.set(id, [begun]);
      else all.push(begun);
    }
  }

  private noteWrite(
    { wording, time }: Moment, event: WalkedStep['effects']['events'][number], step: number,
  ): void {
    const admission = wording.admission(event);
    if (admission === undefined) return;
    const { accepted, from, what = '', token, reason } = admission;
    const store = this.stores.get(event.node) ?? { writes: [], highest: null };
    this.stores.set(event.node, store);
    const isNumber = accepted && typeof token === 'number';
    const isOlder = isNumber && store.highest !== null && token < store.highest;
    store.writes.push({
      at: time, step, accepted, from, what,
      ...(token !== undefined && { token }), ...(reason !== undefined && { reason }),
      ...(isOlder && { older: store.highest! }),
    });
    if (isNumber) store.highest = Math.max(store.highest ?? token, token);
  }

  /** What lies in a part of the run, with at most `most` intervals and marks per row. */
  parts(from: Micros, to: Micros, most: number): Parts {
    const cut = new Cut(from, to, most);
    const all = inOrder([...this.locks.values()]);
    const locks = all.map(({ name, elected, authority, believers, conflicts }) => ({
      name,
      ...(elected !== undefined && { elected }),
      ...(authority && {
        authority: { nodes: authority.nodes, spans: cut.spans(authority.spans) },
      }),
      believers: [...believers].sort(byName).map(([node, { spans }]) => ({
        node, spans: cut.spans(spans), outages: cut.some(this.outages.get(node) ?? []),
      })),
      conflicts: cut.some(conflicts),
    }));
    const stores = [...this.stores].map(([node, { writes }]) => {
      return { node, writes: cut.marks(writes) };
    });
    return { locks, stores, left: cut.left };
  }
}

export interface Parts {
  readonly locks: LockView[];
  readonly stores: StoreView[];
  readonly left: number;
}

/** `n2` is before `n10`. */
function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return compareEpochs(one, other);
}

/** What holding depends on. */
function relevant({ holder, authority, lease, standing, tone, epoch }: Look): string {
  return JSON.stringify([holder, authority, lease, standing, tone, epoch]);
}

/** Locks that clients hold come before the leaders that servers elect among themselves. */
function inOrder(locks: readonly Lock[]): Lock[] {
  const isElected = ({ authority, believers }: Lock) => {
    const nodes = authority?.nodes ?? [];
    return believers.size > 0 && [...believers.keys()].every((node) => nodes.includes(node));
  };
  return [...locks.filter((one) => !isElected(one)), ...locks.filter(isElected)];
}

/** A node as it is now: the world changes in place, and the clock must be that of this moment. */
function copied(node: NodeMoment): NodeMoment {
  const { index, id, role, status } = node;
  const [zero, second] = [node.clockAt(0), node.clockAt(1_000_000)];
  const clockAt = (time: Micros) => zero + ((second - zero) * time) / 1_000_000;
  return { index, id, role, status, clockAt } as unknown as NodeMoment;
}

/** Whether time alone has ended something that was held. */
function isDue({ authority }: Holding, time: Micros): boolean {
  const isPast = ({ end }: { readonly end: End | null }) => end !== null && end.at <= time;
  return authority?.holders.some(isPast) === true;
}

function nothing(of: string, { authority }: Lock): Holding {
  const empty = authority && { nodes: authority.nodes, isUp: true, holders: [] };
  return { of, authority: empty, beliefs: [] };
}

function mapped<Value>(
  all: ReadonlyMap<string, Value>,
  of: (value: Value) => Value,
): Map<string, Value> {
  return new Map([...all].map(([name, value]) => [name, of(value)]));
}

function forkOfLock(lock: Lock): Lock {
  return {
    ...lock,
    authority: lock.authority && { ...lock.authority, ...forkOfRow(lock.authority) },
    believers: mapped(lock.believers, forkOfRow),
    ...conflictsOf(lock),
  };
}

function conflictsOf({ conflicts, open }: Lock): Pick<Lock, 'conflicts' | 'open'> {
  const fork = mapped(open, (one) => ({ ...one }));
  return { conflicts: replaced(conflicts, open, fork), open: fork };
}

/** Those that are open, by their copies. */
function replaced<Part>(
  all: readonly Part[],
  open: ReadonlyMap<string, Part>,
  fork: ReadonlyMap<string, Part>,
): Part[] {
  const copies = new Map([...open].map(([name, part]) => [part, fork.get(name)!]));
  return all.map((part) => copies.get(part) ?? part);
}

function forkOfRow({ spans, open }: Row): Row {
  const fork = mapped(open, (span) => ({ ...span, renewals: [...span.renewals] }));
  return { spans: replaced(spans, open, fork), open: fork };
}

// Intervals

interface SpanPart {
  readonly holder: string;
  readonly token: number | string | null;
  readonly end: End | null;
}

function heldPart({ name, node, token, end }: Hold): SpanPart {
  return { holder: node ?? name, token, end };
}

function believedPart({ node, token, end }: Belief): SpanPart {
  return { holder: node, token, end };
}

interface When {
  readonly step: number;
  readonly time: Micros;
  /** An authority's lease ends by itself; a belief lasts until its node changes its mind. */
  readonly endsByTime: boolean;
}

/** Ends the intervals of a row that are over, extends those that go on, and begins new ones. */
function follow(row: Row, parts: readonly SpanPart[], { step, time, endsByTime }: When): void {
  const names = parts.map(({ holder, token }) => JSON.stringify([holder, token]));
  for (const [name, span] of row.open) {
    if (names.includes(name)) continue;
    const isOver = endsByTime && span.end !== null && span.end.at < time;
    span.to = isOver ? Math.max(span.from, span.end!.at) : time;
    span.toStep = step;
    row.open.delete(name);
  }
  parts.forEach(({ holder, token, end }, i) => {
    const known = row.open.get(names[i]);
    const next = end && { own: end.own, at: end.at };
    if (known === undefined) {
      const span: SpanView = {
        holder, token, from: time, fromStep: step, to: null, toStep: null, renewals: [], end: next,
      };
      row.open.set(names[i], span);
      row.spans.push(span);
      return;
    }
    const isLater = next !== null && known.end !== null && next.own > known.end.own;
    if (isLater) known.renewals.push({ at: time, step });
    if (next !== null) known.end = next;
  });
}

// Conflicts

function noteConflicts(
  lock: Lock, beliefs: readonly Belief[], step: number, time: Micros,
): void {
  const now = new Map<string, Pick<ConflictView, 'type' | 'nodes'>>();
  const sole = beliefs.filter(({ isShared }) => !isShared);
  sole.forEach(({ node }, i) => {
    for (const other of sole.slice(i + 1)) {
      if (other.node === node) continue;
      now.set(`${node} ${other.node}`, { type: 'two', nodes: [node, other.node] });
    }
  });
  for (const { node, isHeld } of beliefs) {
    if (!isHeld) now.set(node, { type: 'lost', nodes: [node] });
  }
  for (const [name, conflict] of lock.open) {
    if (now.has(name)) continue;
    conflict.to = time;
    lock.open.delete(name);
  }
  for (const [name, { type, nodes }] of now) {
    if (lock.open.has(name)) continue;
    const conflict: ConflictView = { type, nodes, from: time, step, to: null };
    lock.open.set(name, conflict);
    lock.conflicts.push(conflict);
  }
}

// Parts of long runs

/** Keeps what meets a window, the latest first. */
class Cut {
  left = 0;
  constructor(
    private readonly from: Micros, private readonly to: Micros, private readonly most: number,
  ) {}

  some<Part extends { readonly from: Micros; readonly to: Micros | null }>(
    all: readonly Part[],
  ): Part[] {
    return this.last(all.filter((one) => one.from <= this.to && (one.to ?? Infinity) >= this.from))
      .map((one) => ({ ...one }));
  }

  spans(all: readonly SpanView[]): SpanView[] {
    return this.some(all).map((span) => ({ ...span, renewals: this.marks(span.renewals) }));
  }

  marks<Mark extends { readonly at: Micros }>(all: readonly Mark[]): Mark[] {
    return this.last(all.filter(({ at }) => at >= this.from && at <= this.to));
  }

  private last<One>(all: readonly One[]): One[] {
    const left = Math.max(0, all.length - this.most);
    this.left += left;
    return all.slice(left);
  }
}
