/** Repeats waiting branches while the session is stopped, and tells a client what to keep. */
import { LimitError } from '../../kernel/text/execution-limits.ts';
import { giveUpRestoring, isWaiting, restoring } from '../../session/branches/restoring.ts';
import {
  receive, type StoredBranch, storedBranch, storedKey, worthStoring, type WorthStoring,
} from '../../session/branches/stored.ts';
import type { Session } from '../../session/session.ts';
import type { TimeLimit } from '../time-limit.ts';
import { yieldToOthers } from './slices.ts';

/** The body of the event `lockstep/keptBranches`. */
export interface KeptBranches {
  readonly branches: readonly StoredBranch[];
}

/** How long other requests may wait. */
const sliceMs = 5;

export class Restoration {
  private turn = 0;
  /** What the client has; undefined if no client keeps branches. */
  private sent: string | undefined;
  /** What the user was told is too much to keep. */
  private told = new Set<string>();

  constructor(
    private readonly send: (event: 'lockstep/keptBranches', body: KeptBranches) => void,
    /** Called when a branch was repeated, or is stale. */
    private readonly changed: (session: Session) => void,
    /** Tells the user which named branch is too much to keep. */
    private readonly left: (number: number, name: string) => void,
    /** Called with an error in the work, which nothing awaits. */
    private readonly failed: (error: unknown) => void,
    /** Bounds code of the protocol. */
    private readonly bounded: TimeLimit,
  ) {}

  /** A client gives back what it kept, and keeps the branches from now on. */
  keep(session: Session, stored: readonly StoredBranch[]): void {
    receive(session, stored);
    // What was named before, as a finding is at the start, the client does not have.
    this.sent = keyOf(stored.map((one) => ({ ...one, length: one.base + one.actions.length })));
    this.update(session);
    this.changed(session);
    this.begin(session);
  }

  /** After a stop, and when branches came, went or were named. */
  update(session: Session): void {
    if (this.sent === undefined) return;
    const { stored, left } = worthStoring(session);
    this.tell(left);
    const key = keyOf(stored);
    if (key === this.sent) return;
    this.sent = key;
    this.send('lockstep/keptBranches', { branches: stored.map(storedBranch) });
  }

  /** Once of each, as long as it is too much. */
  private tell(left: WorthStoring['left']): void {
    const { told } = this;
    this.told = new Set(left.map(({ number, name }) => `${number} ${name}`));
    for (const { number, name } of left) {
      if (!told.has(`${number} ${name}`)) this.left(number, name);
    }
  }

  /** At a stop: goes on in parts, between which requests are answered. */
  begin(session: Session): void {
    if (!session.stale.some(isWaiting)) return;
    const turn = ++this.turn;
    const parts = restoring(session);
    const advance = () => {
      if (turn !== this.turn) return;
      try {
        if (this.part(session, parts)) yieldToOthers(advance);
      } catch (error) {
        giveUpRestoring(session);
        // Interrupted code may have been recorded.
        session.code.variants?.abandon();
        this.changed(session);
        if (!(error instanceof LimitError)) this.failed(error);
      }
    };
    yieldToOthers(advance);
  }

  /** The session moves, or is over: the next stop goes on. */
  halt(): void {
    this.turn++;
  }

  /** Returns whether there is more to do. */
  private part(session: Session, parts: ReturnType<typeof restoring>): boolean {
    const end = performance.now() + sliceMs;
    do {
      const { done, value } = this.bounded(() => parts.next());
      if (done) return false;
      if (value === 'branch') this.changed(session);
    } while (performance.now() < end);
    return true;
  }
}

function keyOf(branches: readonly Parameters<typeof storedKey>[0][]): string {
  return branches.map(storedKey).join();
}
