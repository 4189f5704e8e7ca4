/** The debug adapter: a conversation with one client about one scenario. */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { OutputLine } from '../session/breakpoints/output.ts';
import { Following } from '../session/reload.ts';
import { type Stop, stopFor } from '../session/stop.ts';
import type { BranchTree } from './branch-tree.ts';
import { basesOf, type Category, type Debuggee, limitOf, plainOutput } from './debuggee.ts';
import { isRequest, Life } from './life.ts';
import { Findings } from './find/findings.ts';
import type { AdapterOptions } from './options.ts';
import { keepBranchesOf } from './motion/keeping.ts';
import { foreseenCapabilities, openDebuggee } from './open.ts';
import { Preparation } from './motion/preparation.ts';
import type { FrameProblem } from './process/framing.ts';
import { isCancelled, RequestRefusal } from './refusal.ts';
import { reloadOutcome, repeating } from './reload.ts';
import type { ReloadResult } from './reload-result.ts';
import { ReplayWarning } from './motion/replay-warning.ts';
import { defectOf, errorResponse } from './responses.ts';
import { type LaunchArguments, launchArguments } from './requests/arguments.ts';
import { beginning } from './requests/beginning.ts';
import { branchTreeOf } from './requests/branches.ts';
import { threadOfNode } from './requests/frames.ts';
import { type Advance, continuing } from './requests/motions.ts';
import { type Conversation, type Handlers, requestHandlers } from './requests/requests.ts';
import type { CommandOrigin, Moving } from './motion/moving.ts';
import type { Reading } from '../session/read/reading.ts';
import { checkedArguments } from './requests/schema.ts';
import { type Motion, Slices } from './motion/slices.ts';
import { StopReports } from './motion/stop-reports.ts';
import { type Parts, Tasks } from './motion/tasks.ts';
import { stopAfter } from './motion/stopped.ts';
import { LimitError } from '../kernel/text/execution-limits.ts';
import type { TimeLimit } from './time-limit.ts';
import { endingOf } from '../view/ending.ts';
import { View } from './view.ts';
import { ignoredText } from './words/console.ts';
import { loadingTitle, motionText, motionTitle } from './words/progress.ts';
import { refusalText } from './words/refusals.ts';

export class LockstepDebugSession extends DebugSession implements Conversation {
  private client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  private debuggee: Debuggee | undefined;
  private readonly warning = new ReplayWarning((text) => this.print(text, 'stderr'));
  readonly stops = new StopReports((event, body) => this.send(event, body));
  private motion: Motion | undefined;
  private readonly tasks = new Tasks(
    (event, body) => this.send(event, body),
    () => this.client.supportsProgressReporting === true,
  );
  private readonly life = new Life();
  private readonly failed = (error: unknown): void => void this.printInternal(error);
  private readonly bounded: TimeLimit = (act) => limitOf(this.debuggee, this.options)(act);
  readonly view = new View((body) => this.send('lockstep/view', body), this.failed, this.bounded);
  readonly findings = new Findings();
  readonly branchTree: BranchTree = branchTreeOf(this, this.failed, this.bounded);
  private readonly preparation = new Preparation(this.failed);
  /** What follows once the current request is answered. */
  private afterwards: (() => void)[] = [];
  private requestNumber = 0;
  private readonly handlers: Handlers;

  constructor(readonly options: AdapterOptions) {
    super();
    this.handlers = requestHandlers(this);
    // A stream failed, so the client is gone: a message about it would fail as well.
    this.removeAllListeners('error');
    this.on('error', () => {
      this.disconnect();
      this.shutdown();
    });
  }

  /** Reports bytes or a message that cannot be a request; the conversation goes on. */
  ignored(problem: FrameProblem | { readonly type: 'not a request' }): void {
    this.print(ignoredText(problem), 'stderr');
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    if (isRequest(message)) this.dispatchRequest(message);
    else this.ignored({ type: 'not a request' });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  /** Requests that need not wait are answered at once, in the order in which they came. */
  private async answer(request: DebugProtocol.Request): Promise<void> {
    const { command } = request;
    const response: DebugProtocol.Response = new Response(request);
    this.requestNumber = request.seq;
    const mine: (() => void)[] = (this.afterwards = []);
    try {
      const handler = Object.hasOwn(this.handlers, command) ? this.handlers[command] : undefined;
      if (!handler) throw new RequestRefusal({ code: 'unknown request', command });
      const given = checkedArguments(command, request.arguments, basesOf(this.client));
      this.life.admit(command, given);
      const result = this.bounded(() => handler(given as never));
      const body = result instanceof Promise ? await result : result;
      if (body !== undefined) response.body = body;
    } catch (error) {
      this.refuse(response, error);
    }
    this.sendResponse(response);
    for (const next of mine) this.guard(next);
  }

  /** Does what follows a reply: an error in it must not end the process. */
  private guard(next: () => void): void {
    try {
      this.bounded(next);
    } catch (error) {
      this.recover(error);
    }
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    response.success = false;
    Object.assign(response, errorResponse(error, (defect) => this.printInternal(defect)));
    // Interrupted code may have been recorded.
    if (error instanceof LimitError) this.debuggee?.session.code.variants?.abandon();
  }

  /** Reports a defect of Lockstep with its stack; returns what it says. */
  private printInternal(error: unknown): string {
    const { message, text } = defectOf(error);
    this.print(text, 'stderr');
    return message;
  }

  get launched(): Debuggee {
    if (!this.debuggee) throw new RequestRefusal({ code: 'not launched' });
    return this.debuggee;
  }

  get stopped(): Debuggee {
    if (this.motion) throw new RequestRefusal({ code: 'running' });
    return this.launched;
  }

  get isUnderWay(): boolean {
    return this.life.phase !== 'configuring';
  }

  async begin(client: Partial<DebugProtocol.InitializeRequestArguments>) {
    this.client = client;
    this.life.enter('initialized');
    return foreseenCapabilities(this.options);
  }

  async launch(given: unknown): Promise<void> {
    const launched = launchArguments(given);
    const { afterwards } = this;
    this.life.enter('launching');
    try {
      this.debuggee = await this.load(launched, () => this.life.enter('initialized'));
    } catch (error) {
      if (!isCancelled(error)) this.life.enter('initialized');
      throw error;
    }
    this.life.enter('configuring');
    // Only our own extension names the scenario beforehand, and it shows the moment.
    const showsMoment = launched.panels ?? this.options.scenario !== undefined;
    this.view.showsMoment = showsMoment && !launched.noDebug;
    afterwards.push(() => {
      this.sendCapabilities(this.launched);
      this.send('initialized');
    });
  }

  private load(launched: LaunchArguments, onCancel: () => void): Promise<Debuggee> {
    const output = (line: OutputLine) =>
      this.send('output', this.debuggee?.outputBody(line) ?? plainOutput(line));
    const outputs = { output, print: (line: string, of?: Category) => this.print(line, of) };
    const begun = { title: loadingTitle(launched.program), request: this.requestNumber, onCancel };
    return this.tasks.run(begun, (task) =>
      openDebuggee(launched, this.options, this.client, outputs, task));
  }

  loadBeside(launched: LaunchArguments): Promise<Debuggee> {
    return this.load(launched, () => undefined);
  }

  work<Result>(title: string, parts: Parts<Result>, isShown = true) {
    const begun = { title, request: this.requestNumber, isShown };
    return this.tasks.run(begun, (task) => parts(task, this.bounded));
  }

  private sendCapabilities({ capabilities }: Debuggee): void {
    this.send('capabilities', { capabilities });
  }

  configurationDone(): void {
    this.later(() => this.run());
  }

  private run(): void {
    const { session, launched } = this.launched;
    this.life.enter('running');
    const begun = beginning(session, launched, (line) => this.print(line));
    return typeof begun === 'function' ? this.move(begun, undefined) : this.reportStop(begun);
  }

  async restart(given: { arguments?: unknown }): Promise<void> {
    const { afterwards } = this;
    const wasRunning = this.motion !== undefined;
    this.halt();
    const { launched: old } = this;
    this.life.enter('restarting');
    try {
      const launched = given.arguments ? launchArguments(given.arguments) : old.launched;
      const fresh = await this.load(launched, () => this.life.enter('stopped'));
      this.branchTree.halt();
      keepBranchesOf(old, fresh);
      this.adopt(fresh, old);
    } catch (error) {
      if (!isCancelled(error)) this.life.enter('stopped');
      // The run was halted: its client must know that it does not go on.
      afterwards.push(() => {
        if (!wasRunning || this.life.phase !== 'stopped') return;
        this.reportStop(old.session.stopAt(stopFor({ type: 'pause' })));
      });
      throw error;
    }
    afterwards.push(() => this.run());
  }

  /** The client learns which of its breakpoints moved or lost their places. */
  private adopt(fresh: Debuggee, old: Debuggee): void {
    const changed = fresh.breakpoints.adopt(old.breakpoints);
    this.debuggee = fresh;
    for (const breakpoint of changed) this.send('breakpoint', { reason: 'changed', breakpoint });
  }

  private halt(): void {
    this.motion?.slices.halt();
    this.motion?.progress?.end();
    this.motion?.halted?.();
    this.motion = undefined;
  }

  async reload(): Promise<ReloadResult> {
    const { stopped: old } = this;
    const fresh = await this.load(old.launched, () => undefined).catch((error: unknown) => {
      // The client that asked for the reload shows why it failed.
      throw error instanceof RequestRefusal ? new RequestRefusal(error.refused, false) : error;
    });
    // The user may have stepped or restarted while the files were read.
    const isHere = this.debuggee === old && this.life.phase === 'stopped';
    if (!isHere) throw new RequestRefusal({ code: 'moved meanwhile' });
    const following = new Following(old.session, fresh.session);
    const kept = old.frames.places();
    const enter = (one: Debuggee, other: Debuggee) => {
      this.adopt(one, other);
      this.sendCapabilities(one);
    };
    enter(fresh, old);
    this.stops.continued();
    const advance = repeating(following, (line) => this.print(line, 'stderr'));
    // Half of a tree of branches is worth less than the one that is there.
    const halted = () => enter(old, fresh);
    const failed = () => following.abandon();
    const how = { title: 'reload', halted, failed } as const;
    await new Promise<void>((ended) => this.move(advance, undefined, { ...how, ended }));
    if (this.debuggee === fresh) fresh.frames.replace(kept);
    if (this.client.supportsInvalidatedEvent) this.send('invalidated', { areas: ['variables'] });
    const { step, inside } = this.launched.session.cursor;
    return { ...reloadOutcome(following.result), at: { step, inside: inside !== null } };
  }

  move(advance: Advance, node: number | undefined, moving: Moving = {}): void {
    const { title = 'run', from, ended = () => undefined, halted, failed } = moving;
    if (!this.life.enter('running')) return ended();
    this.launched.leave();
    this.branchTree.halt();
    const thread = threadOfNode(node);
    const { session } = this.launched;
    const { travel } = advance;
    const progress = this.tasks.progress(motionTitle(travel ? 'travel' : title));
    const slices = new Slices<Stop>(
      advance,
      (result) => {
        this.arrive(slices, result);
        ended();
      },
      (error) => {
        progress?.end();
        failed?.();
        if (this.motion?.slices === slices) this.recover(error);
        ended();
      },
      () => this.view.running(session),
      this.bounded,
      () => progress?.update(() => motionText(travel?.reached ?? session.world, travel?.step)),
    );
    this.motion = { slices, thread, progress, halted, ...(from ? { from } : {}) };
    slices.start();
  }

  later(next: () => void): void {
    this.afterwards.push(next);
  }

  pause(): void {
    if (this.motion) this.motion.slices.halt();
    else this.later(() => this.reportStop(this.launched.session.stop));
  }

  /** A cancelled motion stops where it is, and says so; other requests are refused. */
  cancel(wanted: { progressId?: string; requestId?: number }): void {
    const { motion } = this;
    if (motion?.progress && motion.progress.id === wanted.progressId) motion.slices.halt();
    this.tasks.cancel(wanted);
  }

  private arrive(slices: Slices<Stop>, result: Stop | 'halted'): void {
    if (this.motion?.slices !== slices) return;
    this.motion.progress?.end();
    const { thread, from, halted } = this.motion;
    if (result === 'halted') halted?.();
    const { session, launched } = this.launched;
    const stop = result === 'halted' ? session.stopAt(stopFor({ type: 'pause' })) : result;
    const lines = stop.type === 'end' ? this.launched.endLines() : [];
    for (const { text, category } of lines) this.print(text, category);
    // An error until here is reported as one of the motion.
    this.motion = undefined;
    if (launched.noDebug && stop.type === 'end') return this.end();
    if (launched.noDebug && result !== 'halted') return this.move(continuing(session), undefined);
    this.reportStop(stop, stop.type === 'step' ? thread : undefined, from);
    this.warning.check(session);
  }

  /** After an error in a motion, or after a reply, the session can still be inspected. */
  private recover(error: unknown): void {
    this.motion = undefined;
    const { debuggee, life } = this;
    const isRefusal = error instanceof RequestRefusal;
    if (isRefusal) this.print(refusalText(error.refused), 'stderr');
    const message = isRefusal || error instanceof LimitError ? '' : this.printInternal(error);
    if (!debuggee || life.phase !== 'running') return;
    this.reportStop(stopAfter(debuggee.session, error, message));
  }

  reportStop(stop: Stop, thread = threadOfNode(stop.node), from?: CommandOrigin): void {
    if (!this.life.enter('stopped')) return;
    this.launched.leave();
    this.stops.stopped(stop, thread, from);
    this.view.stopped(this.launched.session);
    this.branchTree.stopped(this.launched.session);
    this.preparation.begin(this.launched.session.code);
  }

  get viewed(): Reading | undefined {
    return this.life.phase === 'terminated' ? undefined : this.debuggee?.session;
  }

  get isMoving(): boolean {
    return this.motion !== undefined;
  }

  /** Ends the debuggee, or cancels the launch under way. */
  terminate(): void {
    const wasLaunching = this.life.phase === 'launching';
    this.tasks.cancelAll();
    if (!wasLaunching && this.life.phase !== 'terminated') this.later(() => this.end());
  }

  /** The end of the debuggee: its exit code says whether every expectation held. */
  end(): void {
    this.halt();
    const { session } = this.launched;
    if (!this.life.enter('terminated')) return;
    const isOver = session.stop.type === 'end';
    const verdicts = isOver ? this.launched.verdicts(true) : [];
    this.view.ended(session, endingOf(isOver ? verdicts : null, session.moment));
    this.send('exited', { exitCode: verdicts.some(({ type }) => type === 'violated') ? 1 : 0 });
    this.send('terminated');
  }

  disconnect(): void {
    this.preparation.end();
    this.branchTree.halt();
    this.findings.end();
    this.halt();
    this.tasks.cancelAll();
    this.life.enter('disconnected');
    this.debuggee = undefined;
    this.later(() => this.shutdown());
  }

  print(line: string, category: Category = 'console'): void {
    this.send('output', { category, output: `${line}\n` });
  }

  send(event: string, body?: unknown): void {
    this.sendEvent(new Event(event, body));
  }
}
