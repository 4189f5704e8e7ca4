/** The debug adapter: a conversation with one client about one scenario. */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { OutputLine } from '../session/breakpoints/output.ts';
import { Following } from '../session/reload.ts';
import { type Stop, stopFor } from '../session/stop.ts';
import { capabilities } from './capabilities.ts';
import { basesOf, type Category, type Debuggee, type Line, plainOutput } from './debuggee.ts';
import { isRequest, Life } from './life.ts';
import { foresee } from './load.ts';
import { Loading } from './loading.ts';
import type { AdapterOptions } from './options.ts';
import { openDebuggee } from './open.ts';
import { Preparation } from './motion/preparation.ts';
import type { FrameProblem } from './process/framing.ts';
import { Progress } from './motion/progress.ts';
import { isCancelled, RequestRefusal } from './refusal.ts';
import { reloadOutcome, repeating } from './reload.ts';
import type { ReloadResult } from './reload-result.ts';
import { ReplayWarning } from './motion/replay-warning.ts';
import { errorResponse } from './responses.ts';
import { type LaunchArguments, launchArguments } from './requests/arguments.ts';
import { threadOfNode } from './requests/frames.ts';
import { type Advance, continuing, firstStop } from './requests/motions.ts';
import { type Conversation, type Handlers, requestHandlers } from './requests/requests.ts';
import type { CommandOrigin } from './requests/panel.ts';
import { checkedArguments } from './requests/schema.ts';
import { type Motion, Slices } from './motion/slices.ts';
import { StopReports } from './motion/stop-reports.ts';
import { stopAfter } from './motion/stopped.ts';
import { LimitError } from '../kernel/text/execution-limits.ts';
import { type TimeLimit, withoutLimit } from './time-limit.ts';
import type { PanelName } from '../view/panels.ts';
import { endingOf, View } from './view.ts';
import { ignoredText, internalErrorText, movingText, movingTitle } from './words/console.ts';
import { refusalText } from './words/refusals.ts';

export class LockstepDebugSession extends DebugSession implements Conversation {
  private client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  private debuggee: Debuggee | undefined;
  private readonly warning = new ReplayWarning((text) => this.print(text, 'stderr'));
  readonly stops = new StopReports((event, body) => this.send(event, body));
  private motion: Motion | undefined;
  private progressCount = 0;
  private readonly life = new Life();
  private readonly loading = new Loading();
  private readonly failed = (error: unknown): void => void this.printInternal(error);
  private readonly bounded: TimeLimit = (act) => {
    const isOwn = this.debuggee?.session.code.root !== undefined;
    // Handlers of built-in protocols are known to end.
    return isOwn ? (this.options.limit ?? withoutLimit)(act) : act();
  };
  private readonly view = new View(
    (body) => this.send('lockstep/view', body),
    this.failed,
    this.bounded,
  );
  private readonly preparation = new Preparation(this.failed);
  /** What follows once the current request is answered. */
  private afterwards: (() => void)[] = [];
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
    if (command === 'launch' && this.life.phase === 'initialized') {
      this.loading.noteRequest(request.seq);
    }
    const mine: (() => void)[] = [];
    this.afterwards = mine;
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
    const { message, stack } =
      error instanceof Error ? error : { message: String(error), stack: undefined };
    this.print(internalErrorText(message, stack), 'stderr');
    return message;
  }

  // What the requests need

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
    const { scenario, readFile, root, trusted = false } = this.options;
    if (!scenario) return capabilities(undefined);
    const { limit = withoutLimit } = this.options;
    const { protocol, ticked } = await foresee(scenario, readFile, trusted, limit, root);
    return capabilities(protocol, { events: ticked, scenario });
  }

  async launch(given: unknown): Promise<void> {
    const launched = launchArguments(given);
    const { afterwards } = this;
    this.life.enter('launching');
    try {
      this.debuggee = await this.loading.unlessCancelled(this.load(launched));
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

  private load(launched: LaunchArguments): Promise<Debuggee> {
    const output = (line: OutputLine) =>
      this.send('output', this.debuggee?.outputBody(line) ?? plainOutput(line));
    const print = (line: string, category?: Category) => this.print(line, category);
    return openDebuggee(launched, this.options, this.client, { print, output });
  }

  private sendCapabilities({ session, ticked }: Debuggee): void {
    const named = { events: ticked, scenario: session.scenario.file };
    const body = capabilities(session.code.protocol, named, session.capabilities);
    this.send('capabilities', { capabilities: body });
  }

  configurationDone(): void {
    this.later(() => this.run());
  }

  private run(): void {
    const { session, launched } = this.launched;
    this.life.enter('running');
    const stop = launched.noDebug ? undefined : firstStop(session, launched.stopOnEntry);
    if (stop) this.reportStop(stop);
    else this.move(continuing(session), undefined);
  }

  async restart(given: { arguments?: unknown }): Promise<void> {
    const { afterwards, launched: old } = this;
    const wasRunning = this.motion !== undefined;
    this.halt();
    this.life.enter('restarting');
    try {
      const launched = given.arguments ? launchArguments(given.arguments) : old.launched;
      const fresh = await this.loading.unlessCancelled(this.load(launched));
      this.adopt(fresh, old);
    } catch (error) {
      if (!isCancelled(error)) {
        this.life.enter('stopped');
        // The run was halted: its client must know that it does not go on.
        const stop = () => this.reportStop(old.session.stopAt(stopFor({ type: 'pause' })));
        if (wasRunning) afterwards.push(stop);
      }
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
    this.motion = undefined;
  }

  async reload(): Promise<ReloadResult> {
    const { stopped: old } = this;
    const fresh = await this.load(old.launched).catch((error: unknown) => {
      // The client that asked for the reload shows why it failed.
      throw error instanceof RequestRefusal ? new RequestRefusal(error.refused, false) : error;
    });
    // The user may have stepped or restarted while the files were read.
    const isHere = this.debuggee === old && this.life.phase === 'stopped';
    if (!isHere) throw new RequestRefusal({ code: 'moved meanwhile' });
    const following = new Following(old.session, fresh.session);
    const kept = old.frames.places();
    this.adopt(fresh, old);
    this.sendCapabilities(fresh);
    this.stops.continued();
    const advance = repeating(following, (line) => this.print(line, 'stderr'));
    await new Promise<void>((resolve) => this.move(advance, undefined, resolve));
    fresh.frames.replace(kept);
    const { supportsInvalidatedEvent } = this.client;
    if (supportsInvalidatedEvent) this.send('invalidated', { areas: ['variables'] });
    const { step, inside } = fresh.session.cursor;
    return { ...reloadOutcome(following.result), at: { step, inside: inside !== null } };
  }

  /** Begins a motion; `ended` is called after its stop is reported, however it ends. */
  move(advance: Advance, node: number | undefined, ended: () => void = () => undefined): void {
    if (!this.life.enter('running')) return ended();
    this.launched.leave();
    const thread = threadOfNode(node);
    const { session } = this.launched;
    const progress = this.progress(movingTitle());
    const slices = new Slices<Stop>(
      advance,
      (result) => {
        this.arrive(slices, result);
        ended();
      },
      (error) => {
        progress?.end();
        if (this.motion?.slices === slices) this.recover(error);
        ended();
      },
      () => this.view.running(session),
      this.bounded,
      () => progress?.update(() => movingText(session.step, session.world.time)),
    );
    this.motion = { slices, thread, progress };
    slices.start();
  }

  later(next: () => void): void {
    this.afterwards.push(next);
  }

  pause(): void {
    if (this.motion) this.motion.slices.halt();
    else this.later(() => this.reportStop(this.launched.session.stop));
  }

  private progress(title: string): Progress | undefined {
    if (this.client.supportsProgressReporting !== true) return undefined;
    const number = ++this.progressCount;
    return new Progress(number, title, (event, body) => this.send(event, body));
  }

  /** A cancelled motion stops where it is, and says so; a cancelled launch is refused. */
  cancel({ progressId, requestId }: { progressId?: string; requestId?: number }): void {
    const { motion } = this;
    if (motion && progressId !== undefined && motion.progress?.id === progressId) {
      motion.slices.halt();
    }
    const isCancelled = this.life.phase === 'launching' && this.loading.cancelRequest(requestId);
    if (isCancelled) this.life.enter('initialized');
  }

  private arrive(slices: Slices<Stop>, result: Stop | 'halted'): void {
    if (this.motion?.slices !== slices) return;
    this.motion.progress?.end();
    const { thread } = this.motion;
    const { session, launched } = this.launched;
    const stop = result === 'halted' ? session.stopAt(stopFor({ type: 'pause' })) : result;
    if (stop.type === 'end') this.printAll(this.launched.endLines());
    // An error until here is reported as one of the motion.
    this.motion = undefined;
    if (launched.noDebug && stop.type === 'end') return this.end();
    if (launched.noDebug && result !== 'halted') return this.move(continuing(session), undefined);
    this.reportStop(stop, stop.type === 'step' ? thread : undefined);
    this.warning.check(session);
  }

  /** After an error in a motion, or after a reply, the session can still be inspected. */
  private recover(error: unknown): void {
    this.motion = undefined;
    const { debuggee, life } = this;
    const isExpected = error instanceof LimitError || error instanceof RequestRefusal;
    const message = isExpected ? '' : this.printInternal(error);
    if (error instanceof RequestRefusal) this.print(refusalText(error.refused), 'stderr');
    if (!debuggee || life.phase !== 'running') return;
    this.reportStop(stopAfter(debuggee.session, error, message));
  }

  reportStop(stop: Stop, thread = threadOfNode(stop.node), from?: CommandOrigin): void {
    if (!this.life.enter('stopped')) return;
    this.launched.leave();
    this.stops.stopped(stop, thread, from);
    this.view.stopped(this.launched.session);
    this.preparation.begin(this.launched.session.code);
  }

  panelOpened(panel: PanelName): void {
    this.later(() => {
      const isRunning = this.motion !== undefined;
      const isOver = this.life.phase === 'terminated';
      this.view.panelOpened(panel, isOver ? undefined : this.debuggee?.session, isRunning);
    });
  }

  panelHidden(panel: PanelName): void {
    this.view.panelHidden(panel);
  }

  /** Ends the debuggee, or cancels the launch under way. */
  terminate(): void {
    this.loading.cancel();
    if (this.life.phase === 'launching') this.life.enter('initialized');
    else if (this.life.phase !== 'terminated') this.later(() => this.end());
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
    this.halt();
    this.loading.cancel();
    this.life.enter('disconnected');
    this.debuggee = undefined;
    this.later(() => this.shutdown());
  }

  private printAll(lines: readonly Line[]): void {
    for (const { text, category } of lines) this.print(text, category);
  }

  private print(line: string, category: Category = 'console'): void {
    this.send('output', { category, output: `${line}\n` });
  }

  private send(event: string, body?: unknown): void {
    this.sendEvent(new Event(event, body));
  }
}
