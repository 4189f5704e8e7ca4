/** Random motions through a session; each moment is compared with one that was reached directly. */
import { asPending } from '../../../src/kernel/run.ts';
import { actionText, messageName, parseAction } from '../../../src/kernel/text/action-text.ts';
import {
  type Advance,
  arrived,
  continuing,
  reversing,
  steppingBack,
  steppingInto,
  steppingOut,
  steppingOver,
} from '../../../src/dap/requests/motions.ts';
import { RequestRefusal } from '../../../src/dap/refusal.ts';
import { begin } from '../../../src/session/boot.ts';
import { oneAction } from '../../../src/session/pursuit.ts';
import { consoleInput } from '../../../src/session/console.ts';
import { Evaluator } from '../../../src/session/read/evaluate.ts';
import { framesOf } from '../../../src/session/read/stack.ts';
import type { Session } from '../../../src/session/session.ts';
import { atStart, type Stop, stopFor } from '../../../src/session/stop.ts';
import { gotoTargets, stepTargets } from '../../../src/session/targets.ts';
import type { PanelSource } from '../../../src/view/panel-source.ts';
import { panelSources } from '../../../src/view/panel-sources.ts';
import { type PanelName, panelNames } from '../../../src/view/panels.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Placed, randomBreakpoints, setAll } from './breakpoints.ts';
import type { Program } from './programs.ts';
import { panelOf, type Part, snapshotOf } from './snapshot.ts';

/** A motion of a long run, such as one that nothing stops, is paused after so many actions. */
const actionsMost = 3_000;

export function arrive(session: Session, advance: Advance): Stop {
  for (let left = actionsMost; left > 0; left -= 64) {
    const stop = advance(64);
    if (stop) return stop;
  }
  return session.stopAt(stopFor({ type: 'pause' }));
}

const anyLine: readonly Placed[] = [{ id: 1, origin: 'line', trigger: { type: 'line', site: 0 } }];

const motions: readonly (readonly [weight: number, name: string])[] = [
  [6, 'next'],
  [6, 'step in'],
  [3, 'step out'],
  [4, 'step back'],
  [5, 'continue'],
  [4, 'reverse'],
  [2, 'target'],
  [3, 'goto'],
  [1, 'goto line'],
  [2, 'restart frame'],
  [2, 'command'],
  [3, 'take'],
  [1, 'leave branch'],
  [1, 'other branch'],
  [3, 'breakpoints'],
  [1, 'no breakpoints'],
];

export class Walker {
  readonly session: Session;
  private breakpoints: readonly Placed[] = [];
  /** The panel that is open all the time; its source computes a view at many stops. */
  private readonly panel: PanelName;
  private readonly source: PanelSource<PanelName>;

  constructor(
    private readonly program: Program,
    public random: Random,
    breakpoints = true,
  ) {
    this.session = program.open();
    this.panel = random.pick(panelNames);
    this.source = sourceOf(this.panel);
    if (breakpoints && random.chance(0.5)) this.set(randomBreakpoints(this.session, random));
    if (!begin(this.session)) this.session.stopAt(atStart);
  }

  /** Moves once: what it did, in words. */
  move(name = this.random.weighted(motions)): string {
    const { session, random } = this;
    const node = random.chance(0.2) ? random.below(session.world.nodes.length) : undefined;
    try {
      this.take(name, node);
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      return `${name}: refused`;
    }
    return `${name}${node === undefined ? '' : ` on ${session.world.nodes[node].id}`}`;
  }

  private take(name: string, node: number | undefined): void {
    const { session, random, program } = this;
    const { branches } = session;
    switch (name) {
      case 'action':
        return void session.run(oneAction);
      case 'next':
        return void arrive(session, steppingOver(session, node));
      case 'step in':
        return void arrive(session, steppingInto(session, node, undefined));
      case 'step out':
        return void arrive(session, steppingOut(session, node));
      case 'step back':
        return void arrive(session, steppingBack(session, node));
      case 'continue':
        return void arrive(session, continuing(session));
      case 'reverse':
        return void arrive(session, reversing(session));
      case 'target': {
        const targets = stepTargets(session);
        if (targets.length === 0) return;
        return void arrive(session, steppingInto(session, node, random.pick(targets)));
      }
      case 'goto':
        return void arrived(session, session.goto(random.below(session.length + 1)));
      case 'goto line': {
        const index = random.below(session.scenario.steps.length);
        const targets = gotoTargets(session, index);
        if (targets.length === 0) return;
        const { step, branch } = random.pick(targets);
        return void session.goto(step, branch);
      }
      case 'other branch': {
        const branch = random.pick(branches);
        return void session.goto(random.below(branch.run.length + 1), branch);
      }
      case 'restart frame':
        return this.restartFrame(node);
      case 'command':
        return this.command(random.pick(program.commands));
      case 'take':
        return this.takeMessage();
      case 'leave branch':
        return void arrived(session, session.leaveBranch());
      case 'breakpoints':
        return this.set(randomBreakpoints(session, random));
      case 'no breakpoints':
        return this.set([]);
    }
  }

  private set(breakpoints: readonly Placed[]): void {
    this.breakpoints = breakpoints;
    setAll(this.session, breakpoints);
  }

  private command(text: string): void {
    const { session } = this;
    const answer = consoleInput(session, new Evaluator(session), text, undefined);
    if (answer.type === 'problem') {
      throw new RequestRefusal({ code: 'problem', problem: answer.problem });
    }
  }

  private takeMessage(): void {
    const { session, random } = this;
    const { messages } = session.inside?.moment ?? session.moment;
    if (messages.length === 0) return;
    const verb = random.pick(['deliver', 'deliver', 'drop', 'duplicate']);
    const action = parseAction(`${verb} ${messageName(random.pick(messages))}`)!;
    arrived(session, session.take({ ...action, at: session.ahead.time }));
  }

  private restartFrame(node: number | undefined): void {
    const { session, random } = this;
    const frames = framesOf(session, node, 20).filter(({ label, step }) => !label && step > 0);
    if (frames.length === 0) return;
    const { step, look, handler } = random.pick(frames);
    const first = look?.()?.frame.first;
    const why = stopFor({ type: 'restarted' });
    // The frame of an action that was entered on its way is not of this run yet.
    if (session.goto(step - 1, undefined, why).type !== 'stopped' || !handler) return;
    session.enter(why);
    session.moveTo(Math.max(0, first ?? 0), why);
  }

  /** A session that has taken only the actions that lead to this moment, and stands there. */
  direct(): Session {
    const { session, program, breakpoints } = this;
    const fresh = program.open();
    // The statements of invariants can be reached only while a line holds a breakpoint.
    const isInProperty = session.line >= 0 && session.trace?.property(session.line) !== undefined;
    setAll(fresh, isInProperty && !session.watch.hasLines ? anyLine : breakpoints);
    const { simulation } = fresh;
    const { run } = session.branch;
    while (fresh.step < session.step) {
      simulation.next(asPending(fresh.world, run.action(fresh.step + 1)));
    }
    const { entered, line, cursor } = session;
    if (entered !== null) {
      const { at } = entered;
      if (entered.type === 'postponed') simulation.next({ ...entered.action, at });
      else if (entered.type !== 'start') simulation.next(asPending(fresh.world, entered));
      const step = cursor.inside!.type === 'start' ? -1 : session.step;
      fresh.goBefore(step, line < 0 ? undefined : line, session.stop);
    }
    if (isInProperty) setAll(fresh, breakpoints);
    fresh.stopAt(session.stop);
    return fresh;
  }

  /**
   * The lines in which this moment differs from the same one, reached directly. The worlds are
   * compared always, a random part of what is shown each third time.
   */
  differences(): string[] {
    const { session, random } = this;
    const part = random.chance(0.35) ? this.randomPart() : 'nothing';
    const shown = snapshotOf(session, part);
    const fresh = snapshotOf(this.direct(), part);
    const wrong = shown.flatMap((line, index) =>
      line === fresh[index] ? [] : [`${line}\n     fresh: ${fresh[index]}`],
    );
    return [...wrong, ...this.staleParts(), ...this.contradictions()];
  }

  /** What the open panel shows, if it is not what it shows when it is opened at this moment. */
  private staleParts(): string[] {
    const { session, random, panel, source } = this;
    if (random.chance(0.6)) return [];
    const shown = panelOf(session, source);
    if (random.chance(0.6)) return [];
    const opened = panelOf(session, sourceOf(panel));
    return shown.flatMap((line, index) => {
      return line === opened[index] ? [] : [`${panel} kept: ${line}\n     opened: ${opened[index]}`];
    });
  }

  private randomPart(): Part {
    const { session, random } = this;
    if (random.chance(0.3)) return { panel: random.pick(panelNames) };
    return { thread: random.chance(0.5) ? undefined : random.below(session.world.nodes.length) };
  }

  /** A stop must be at the line of its reason, and its event must be the one that is reported. */
  private contradictions(): string[] {
    const { trace, line, stop, entered } = this.session;
    const { reason, event } = stop;
    if (trace === undefined || entered === null || line < 0) return [];
    if (reason.type === 'line') {
      const site = trace.site(line);
      const isThere = site.file === reason.file && site.line === reason.line;
      return isThere ? [] : [`stopped at ${reason.file}:${reason.line}, and is at ${site.line}`];
    }
    if (reason.type !== 'event') return [];
    const isThere = event !== undefined && trace.doing('events', event) === line;
    const isSame = trace.effects.events[event ?? -1]?.name === reason.name;
    return isThere && isSame ? [] : [`stopped at ${reason.name}, which line ${line} does not report`];
  }

  /** The actions of each branch, to see that none loses one. */
  recorded(): ReadonlyMap<object, readonly string[]> {
    return new Map(
      this.session.branches.map(({ run }) => [
        run,
        Array.from({ length: run.length }, (_, index) => actionText(run.action(index + 1))),
      ]),
    );
  }
}

function sourceOf(panel: PanelName): PanelSource<PanelName> {
  return panelSources[panel]() as unknown as PanelSource<PanelName>;
}
