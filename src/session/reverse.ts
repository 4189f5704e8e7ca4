/** Backwards through a run: to the last moment before the cursor at which a breakpoint stops it. */
import { Effects } from '../kernel/effects.ts';
import { asPending, type Way } from '../kernel/run.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { replayBoot } from './boot.ts';
import { stopAtLine } from './breakpoints/line-stops.ts';
import { listen } from './breakpoints/listen.ts';
import { theStart, traceOf } from './entry.ts';
import type { Cursor } from './read/reading.ts';
import type { Arrival, Session } from './session.ts';
import { atStart, joined, type Stop, stopFor } from './stop.ts';
import { Travel } from './travel.ts';

interface Found {
  readonly step: number;
  readonly inside: boolean;
  /** Inside: before which line; undefined for the entry of the handler. */
  readonly line?: number;
  readonly stop: Stop;
}

/**
 * Searches the run in stretches from the cursor to the start. Each stretch is replayed forwards,
 * and the last stop in it is the result. A stretch is as long as all that were searched before, so
 * that few replays overlap.
 */
export class ReverseSearch {
  private readonly origin: Cursor;
  /** Whether it begins at the end of the run: a stop after the last action comes before that. */
  private readonly isFromEnd: boolean;
  private readonly effects = new Effects();
  private from: number;
  private until: number;
  private world: World | undefined;
  /** The way to the beginning of a stretch, while it is replayed. */
  private way: Way | undefined;
  /** The way to what was found. */
  private travel: Travel | undefined;
  private found: Found | undefined;
  private length = 256;
  private isInsideSearched = false;

  constructor(private readonly session: Session) {
    this.origin = session.cursor;
    this.isFromEnd = session.stop.reason.type === 'end';
    this.until = session.step;
    this.from = Math.max(0, this.until - this.length);
  }

  /** Searches at most `budget` actions: the stop at which it ended, undefined if there are more. */
  advance(budget: number): Stop | undefined {
    const { session } = this;
    session.watch.isLogging = false;
    try {
      const inside = this.searchInside();
      if (inside !== undefined) return inside;
      for (let left = budget; left > 0; left--) {
        if (this.world === undefined && !this.isBegun(left)) return undefined;
        if (this.world!.step < this.until) this.search();
        else if (this.found !== undefined) return this.arriveSoon(this.found, left);
        else if (this.from === 0) return session.restore(0, atStart);
        else this.earlier();
      }
    } finally {
      session.watch.isLogging = true;
    }
    return undefined;
  }

  /** Whether the beginning of the stretch is reached; replays at most `budget` actions to it. */
  private isBegun(budget: number): boolean {
    if (this.world !== undefined) return true;
    const { run } = this.session.branch;
    this.way ??= run.wayTo(this.from);
    this.world = this.way.world(budget);
    if (this.world === undefined) return false;
    this.way = undefined;
    this.begin();
    return true;
  }

  private begin(): void {
    const { session } = this;
    const { watch } = session;
    watch.prepare(this.world!, undefined);
    if (this.from > 0) return;
    let hits = 0;
    const passed = replayBoot(session, () => hits++);
    if (hits > 0) this.searchLines(-1);
    const { booted } = session.simulation;
    this.note(0, false, watch.atStart(this.world!, booted, passed, this.next));
  }

  /** The action after the moment that is searched. */
  private readonly next = () => this.session.simulation.upcoming(this.world);

  private earlier(): void {
    this.until = this.from;
    this.length *= 2;
    this.from = Math.max(0, this.until - this.length);
    this.world = undefined;
  }

  /** Replays one action. */
  private search(): void {
    const world = this.world!;
    const { watch, branch } = this.session;
    const before = world.step;
    const action = asPending(world, branch.run.action(before + 1));
    this.note(before, true, watch.before(world, action));
    let hits = 0;
    let passed = 0;
    const act = () => {
      if (!step(world, action, this.effects)) throw new Error(`step ${before + 1} is not possible`);
    };
    if (watch.listens) passed = listen(watch, world, this.effects, act, () => hits++);
    else act();
    if (hits > 0) this.searchLines(before);
    this.note(world.step, false, watch.after(world, this.effects, passed, this.next));
  }

  /** Notes the stops inside an action. */
  private searchLines(before: number): void {
    const { code, branch, watch } = this.session;
    if (!code.variants) return;
    const entered = before < 0 ? theStart : branch.run.action(before + 1);
    const world = branch.run.at(Math.max(0, before));
    const trace = traceOf(code.variants, world, entered, watch.hasLines);
    for (let line = 0; line < trace.length; line++) {
      this.note(before, true, stopAtLine(watch, trace, line, before), line);
    }
  }

  /** Back through the handler that was entered, once: to a breakpoint of it, or to its entry. */
  private searchInside(): Stop | undefined {
    const { session } = this;
    const { trace, watch, entered } = session;
    if (this.isInsideSearched || entered === null) return undefined;
    this.isInsideSearched = true;
    const before = entered.type === 'start' ? -1 : session.step;
    for (let line = session.line - 1; trace && line >= 0; line--) {
      const stop = stopAtLine(watch, trace, line, before);
      if (stop !== undefined) return session.moveTo(line, stop);
    }
    if (entered.type === 'start') return session.moveTo(0, atStart);
    const entry = session.line > 0 ? watch.before(session.world, entered) : undefined;
    return entry && session.enter(entry);
  }

  private note(number: number, inside: boolean, stop: Stop | undefined, line?: number): void {
    if (stop === undefined) return;
    const { origin, isFromEnd, found } = this;
    const until = origin.inside?.type === 'start' ? -1 : origin.step;
    const isLate = isFromEnd || origin.inside !== null;
    if (number > until || (number === until && (inside || !isLate))) return;
    // The entry of a handler and its first line are the same place.
    const isEntry = found?.inside && found.step === number && found.line === undefined;
    const isSame = isEntry && inside && (line ?? 0) === 0;
    this.found = { step: number, inside, line, stop: isSame ? joined(found.stop, stop) : stop };
  }

  /** The stop, once the way to it is replayed. */
  private arriveSoon(found: Found, budget: number): Stop | undefined {
    this.travel ??= new Travel(this.session, Math.max(0, found.step));
    return this.travel.advance(budget) ? this.arrive(found) : undefined;
  }

  private arrive({ step: number, inside, line, stop }: Found): Stop {
    if (inside) return this.session.goBefore(number, line, stop);
    return this.session.restore(number, stop);
  }
}

/**
 * The step to which `stepBack` jumps, which may be far back if only the actions of a node count;
 * undefined if it does not jump: inside an action, and at the start.
 */
export function stepBefore(session: Session, node?: number): number | undefined {
  const { entered, step: here } = session;
  if (entered !== null || here === 0) return undefined;
  if (node === undefined) return here - 1;
  const acted = session.lastActed(node, here);
  return Math.max(0, session.lastActed(node, acted - 1));
}

/**
 * One moment back: to the statement before; from the first one out of the handler; between actions,
 * to before the last action (of that node).
 */
export function stepBack(session: Session, node?: number): Arrival {
  const why = stopFor({ type: 'step back' }, node);
  const { entered, line, isPassing } = session;
  if (entered !== null) {
    const before = line > 0 && !isPassing ? session.trace?.back(line) : undefined;
    if (before !== undefined) session.moveTo(before, why);
    else if (entered.type !== 'start') session.leave();
    return { type: 'stopped', stop: session.stopAt(why) };
  }
  const before = stepBefore(session, node);
  if (before !== undefined) return session.goto(before, undefined, why);
  return { type: 'stopped', stop: session.stopAt(stopFor({ type: 'start' }, node)) };
}
