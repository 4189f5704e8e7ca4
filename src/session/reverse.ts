/** Back through a run: the previous moment at which a breakpoint would have stopped it. */
import { asPending } from '../kernel/run.ts';
import { Effects } from '../kernel/effects.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { linesOf, theStart } from './entry.ts';
import { stopAtLine } from './breakpoints/line-stops.ts';
import type { Session } from './session.ts';
import type { Cursor } from './read/reading.ts';
import { joined, type Stop, stopOf } from './stop.ts';

interface Found {
  readonly step: number;
  readonly inside: boolean;
  /** Inside: before which line. */
  readonly line: number;
  readonly stop: Stop;
}

/**
 * Searches stretch by stretch, from here to the start: each is replayed forwards, and the last stop
 * in it is the one. A stretch is as long as all before it, so that few replays overlap.
 */
export class ReverseSearch {
  private readonly origin: Cursor;
  private readonly effects = new Effects();
  private from: number;
  private until: number;
  private world: World | undefined;
  private found: Found | undefined;
  private length = 256;
  private isInsideSeen = false;

  constructor(private readonly session: Session) {
    this.origin = session.cursor;
    this.until = session.step;
    this.from = Math.max(0, this.until - this.length);
  }

  /** At most `budget` actions of the search: where it ended, or undefined where there is more. */
  advance(budget: number): Stop | undefined {
    const { session } = this;
    session.watch.speaks = false;
    try {
      const inside = this.lookInside();
      if (inside !== undefined) return inside;
      for (let left = budget; left > 0; left--) {
        if (this.world === undefined) this.begin();
        if (this.world!.step < this.until) this.look();
        else if (this.found !== undefined) return this.arrive(this.found);
        else if (this.from === 0) return session.goto(0, undefined, stopOf('entry', 'the start'));
        else this.earlier();
      }
    } finally {
      session.watch.speaks = true;
    }
    return undefined;
  }

  private begin(): void {
    const { watch, branch } = this.session;
    this.world = branch.run.at(this.from);
    watch.prepare(this.world, undefined);
    if (this.from > 0) return;
    let hits = 0;
    this.session.hearBoot(() => hits++);
    const passed = hits > 0 ? this.lookAtLines(-1) : 0;
    this.note(0, false, this.session.atStart(this.world, passed));
  }

  private earlier(): void {
    this.until = this.from;
    this.length *= 2;
    this.from = Math.max(0, this.until - this.length);
    this.world = undefined;
  }

  private look(): void {
    const world = this.world!;
    const { watch, branch } = this.session;
    const action = asPending(world, branch.run.action(world.step + 1));
    this.note(world.step, false, watch.beforeStep(world, action));
    const before = world.step;
    const entry = watch.before(world, action);
    this.note(before, true, entry);
    let hits = 0;
    const act = () => step(world, action, this.effects);
    const taken = watch.hasLines
      ? watch.hear(world, this.effects, act, () => hits++)
      : act();
    if (!taken) throw new Error(`step ${world.step + 1} is not possible`);
    // Where one stands in its lines, its events are stopped at there.
    const passed = entry || hits > 0 ? this.lookAtLines(before) : 0;
    this.note(world.step, false, watch.after(world, this.effects, passed));
  }

  /** The stops inside of an action; answers how many of its events were heard of at lines. */
  private lookAtLines(before: number): number {
    const { code, branch, watch } = this.session;
    if (!code.variants) return 0;
    const entered = before < 0 ? theStart : branch.run.action(before + 1);
    const world = branch.run.at(Math.max(0, before));
    const lines = linesOf(code.variants, world, entered, watch.hasLines);
    for (let line = 0; line < lines.length; line++) {
      this.note(before, true, stopAtLine(watch, lines, line, before), line);
    }
    return lines.reported;
  }

  /** Back through the handler that was entered, once: to a breakpoint of it, or to its entry. */
  private lookInside(): Stop | undefined {
    const { session } = this;
    const { trace: lines, watch, entered } = session;
    if (this.isInsideSeen || entered === null) return undefined;
    this.isInsideSeen = true;
    const before = entered.type === 'start' ? -1 : session.step;
    for (let line = session.line - 1; lines && line >= 0; line--) {
      const stop = stopAtLine(watch, lines, line, before);
      if (stop === undefined) continue;
      session.line = line;
      return session.stopAt(stop);
    }
    if (entered.type === 'start') {
      session.line = 0;
      return session.stopAt(stopOf('entry', 'the start'));
    }
    const entry = session.line > 0 ? watch.before(session.world, entered) : undefined;
    return entry && session.enter(entry);
  }

  private note(number: number, inside: boolean, stop: Stop | undefined, line = 0): void {
    if (stop === undefined) return;
    const { origin, found } = this;
    const { step, inside: from } = origin;
    const until = from?.type === 'start' ? -1 : step;
    const isBefore = number < until || (number === until && !inside && from !== null);
    if (!isBefore) return;
    // At the entry and at its first line one stands at the same place.
    const isSame = inside && found?.inside && found.step === number && found.line === line;
    this.found = { step: number, inside, line, stop: isSame ? joined(found.stop, stop)! : stop };
  }

  private arrive({ step: number, inside, line, stop }: Found): Stop {
    if (inside) return this.session.standBefore(number, line, stop);
    return this.session.goto(number, undefined, stop);
  }
}

/**
 * One moment back: to the statement before, out of an entered handler from its first line, else
 * before the last action (of that node).
 */
export function stepBack(session: Session, node?: number): Stop {
  const why = stopOf('step', 'step back', node);
  if (session.entered !== null) {
    const line = session.line > 0 ? session.trace?.back(session.line) : undefined;
    if (line !== undefined) session.line = line;
    else if (session.entered.type !== 'start') session.leave();
    return session.stopAt(why);
  }
  if (session.step === 0) return session.stopAt(stopOf('entry', 'the start', node));
  if (node === undefined) return session.goto(session.step - 1, undefined, why);
  const acted = session.lastActed(node, session.step);
  const before = session.lastActed(node, acted - 1);
  return session.goto(Math.max(0, before), undefined, why);
}
