/** Keeps a client's list of branches up to date: at each stop it gets what has changed. */
import { partedFrom } from '../session/branches/branch.ts';
import { FirstEventSearch } from '../session/branches/first-event.ts';
import type { RecordedBranch } from '../session/read/reading.ts';
import type { Session } from '../session/session.ts';
import {
  type BranchesChange, type BranchesView, branchKey, type BranchView, branchView, staleView,
} from '../view/branches.ts';
import type { Restoration } from './motion/restoration.ts';
import { yieldToOthers } from './motion/slices.ts';
import type { TimeLimit } from './time-limit.ts';

/** How many steps are searched for a different event at once: a few milliseconds. */
const partSteps = 128;

interface Sent {
  readonly key: string;
  readonly view: BranchView;
}

export class BranchTree {
  private isWatched = false;
  /** What the client has, by the number of the branch. */
  private sent = new Map<number, Sent>();
  private of: Session | undefined;
  private readonly searches = new WeakMap<RecordedBranch, FirstEventSearch>();
  private turn = 0;

  constructor(
    private readonly send: (event: 'lockstep/branches', change: BranchesChange) => void,
    /** Called with an error in a search, which nothing awaits. */
    private readonly failed: (error: unknown) => void,
    /** Bounds what replays, which runs code of the protocol. */
    private readonly bounded: TimeLimit,
    /** Notified of changes, whether a client lists the branches or not. */
    readonly restoration: Restoration,
  ) {}

  /** All branches; from now on, the client gets what changes. */
  list(session: Session): BranchesView {
    this.isWatched = true;
    const view = this.view(session);
    this.search(session);
    return view;
  }

  /** All branches, with what is known of each. */
  view(session: Session): BranchesView {
    const { changed, current, step } = this.change(session, new Map());
    return { current, step, branches: changed.sort((a, b) => a.number - b.number) };
  }

  /** After a stop, and after a branch was named or deleted. */
  update(session: Session): void {
    this.restoration.update(session);
    if (!this.isWatched) return;
    this.send('lockstep/branches', this.change(session));
    this.search(session);
  }

  stopped(session: Session): void {
    this.update(session);
    this.restoration.begin(session);
  }

  /** The session moves: a search goes on at the next stop. */
  halt(): void {
    this.turn++;
    this.restoration.halt();
  }

  /** `before` is what the client has; after a restart every row is another one. */
  private change(
    session: Session,
    before = this.of === session ? this.sent : new Map<number, Sent>(),
  ): BranchesChange {
    const { cursor: { branch: current, step }, branches, stale } = session;
    const now = new Map<number, Sent>();
    session.recorded.forEach((recorded, index) => {
      const branch = branches[index];
      const first = this.searches.get(recorded)?.result;
      const key = branchKey(branch, first);
      const known = before.get(branch.number);
      const isSame = known?.key === key;
      const view = isSame ? known.view : branchView(session, branch, recorded, first);
      now.set(branch.number, { key, view });
    });
    for (const one of stale) {
      const key = `stale ${one.why.type} ${one.name}`;
      now.set(one.number, before.get(one.number)?.key === key
        ? before.get(one.number)!
        : { key, view: staleView(one) });
    }
    const changed = [...now].flatMap(([number, { view }]) =>
      before.get(number)?.view === view ? [] : [view]);
    const gone = [...this.sent.keys()].filter((number) => !now.has(number));
    this.sent = now;
    this.of = session;
    return { current, step, changed, gone };
  }

  /** Goes on with the searches of all branches in parts, between which requests are answered. */
  private search(session: Session): void {
    const turn = ++this.turn;
    const advance = () => {
      if (turn !== this.turn) return;
      try {
        const isDone = this.bounded(() => this.searchPart(session));
        if (!isDone) yieldToOthers(advance);
      } catch (error) {
        this.failed(error);
      }
    };
    yieldToOthers(advance);
  }

  /** Returns whether nothing is left to search. */
  private searchPart(session: Session): boolean {
    const { recorded } = session;
    for (const [index, branch] of session.branches.entries()) {
      const parent = partedFrom(branch);
      if (parent === null) continue;
      const own = recorded[index];
      const search = this.searchOf(own, session.recordedOf(parent));
      if (search.isDone) continue;
      const before = search.result;
      search.advance(partSteps);
      const isFound = search.isDone && search.result !== before;
      if (isFound) this.send('lockstep/branches', this.change(session));
      return false;
    }
    return true;
  }

  private searchOf(own: RecordedBranch, parent: RecordedBranch): FirstEventSearch {
    const known = this.searches.get(own);
    // A parent that the user has run so far since is another one than what stood for it.
    if (known?.parent === parent) return known;
    const search = new FirstEventSearch(own, parent);
    this.searches.set(own, search);
    return search;
  }
}

