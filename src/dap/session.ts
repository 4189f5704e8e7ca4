/** The debug adapter: a conversation with one client about one scenario. */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { abandoned } from '../session/abandon.ts';
import { begin } from '../session/boot.ts';
import type { OutputLine } from '../session/breakpoints/output.ts';
import { inexactReplay } from '../session/inexact-replay.ts';
import { Following } from '../session/reload.ts';
import { atStart, type Stop, stopFor } from '../session/stop.ts';
import { capabilities } from './capabilities.ts';
import { checkedArguments } from './checked.ts';
import { Debuggee } from './debuggee.ts';
import { type Foreseen, foresee, loadScenario, type ReadFile } from './load.ts';
import { RequestRefusal, refusalNumbers } from './refusal.ts';
import { reloadOutcome } from './reload.ts';
import type { ReloadResult } from './reload-result.ts';
import { type LaunchArguments, launchArguments } from './requests/arguments.ts';
import { threadOfNode } from './requests/frames.ts';
import { type Advance, continuing } from './requests/motions.ts';
import { type Conversation, type Handlers, requestHandlers } from './requests/requests.ts';
import { pathsFor } from './requests/sources.ts';
import { Slices } from './slices.ts';
import { stoppedBody } from './stopped.ts';
import { verdictLine } from '../check/verdict-words.ts';
import { LimitError } from '../kernel/text/execution-limits.ts';
import type { TimeLimit } from './time-limit.ts';
import type { PanelName } from '../view/panels.ts';
import { endingOf, View } from './view.ts';
import {
  inexactReplayText,
  internalErrorText,
  outputText,
  runEndedText,
} from './words/console.ts';
import { noLinesText } from './words/problems.ts';
import { refusalText } from './words/refusals.ts';
import { reloadText } from './words/reload.ts';

export interface AdapterOptions {
  readonly readFile: ReadFile;
  /** The scenario that will be launched, if it is known before: its events are the filters. */
  readonly scenario?: string;
  /** The folder that contains all imports of its protocol; a launch gives it again. */
  readonly workspace?: string;
  /** Ends code that takes too long, if the host can. */
  readonly limit?: TimeLimit;
  /** The folder on the client's disk with the sources of the built-in protocols. */
  readonly protocolRoot?: string;
}

/** Right after a stop the client asks for the stack and the variables, which must not wait. */
const prepareAfterMs = 300;

/** The id of an internal error in error responses; those of refusals are in `refusalNumbers`. */
const internalErrorNumber = 2;

type Category = 'console' | 'stdout' | 'stderr';

export class LockstepDebugSession extends DebugSession implements Conversation {
  private client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  private debuggee: Debuggee | undefined;
  private hasWarned = false;
  private preparation: ReturnType<typeof setTimeout> | undefined;
  private foreseen: Foreseen = { ticked: [] };
  private motion: { slices: Slices<Stop>; thread: number } | undefined;
  /** True from `configurationDone` on: the client's settings are changes from then on. */
  private isConfigured = false;
  private readonly view = new View((body) => this.send('lockstep/view', body));
  /** What follows once the current request is answered. */
  private afterwards: (() => void)[] = [];
  private readonly handlers: Handlers;

  constructor(readonly options: AdapterOptions) {
    super();
    this.handlers = requestHandlers(this);
    // A message that is not valid JSON is reported instead of ending the process.
    this.removeAllListeners('error');
    this.on('error', (event: Event & { body?: unknown }) =>
      this.print(String(event.body), 'stderr'),
    );
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  /** Requests that need not wait are answered at once, in the order in which they came. */
  private async answer(request: DebugProtocol.Request): Promise<void> {
    const { command } = request;
    const response: DebugProtocol.Response = new Response(request);
    const mine: (() => void)[] = [];
    this.afterwards = mine;
    try {
      const handler = Object.hasOwn(this.handlers, command) ? this.handlers[command] : undefined;
      if (!handler) throw new RequestRefusal({ code: 'unknown request', command });
      const result = handler(checkedArguments(command, request.arguments) as never);
      const body = result instanceof Promise ? await result : result;
      if (body !== undefined) response.body = body;
    } catch (error) {
      this.refuse(response, error);
    }
    this.sendResponse(response);
    for (const next of mine) next();
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    const isRefusal = error instanceof RequestRefusal;
    const format = isRefusal
      ? refusalText(error.refused)
      : internalErrorText(this.printInternal(error));
    const id = isRefusal ? refusalNumbers[error.refused.code] : internalErrorNumber;
    response.success = false;
    response.message = format;
    response.body = { error: { id, format, showUser: isRefusal && error.isShown } };
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
    return this.isConfigured;
  }

  async begin(client: Partial<DebugProtocol.InitializeRequestArguments>) {
    this.client = client;
    const { scenario, readFile, workspace } = this.options;
    if (scenario) this.foreseen = await foresee(scenario, readFile, workspace);
    return capabilities(this.foreseen.protocol, this.foreseen.ticked);
  }

  async launch(given: unknown): Promise<void> {
    if (this.debuggee) throw new RequestRefusal({ code: 'already launched' });
    const launched = launchArguments(given);
    this.isConfigured = false;
    const { afterwards } = this;
    this.debuggee = await this.load(launched);
    // Only our own extension names the scenario beforehand, and it shows the moment.
    const showsMoment = launched.panels ?? this.options.scenario !== undefined;
    this.view.showsMoment = showsMoment && !launched.noDebug;
    afterwards.push(() => {
      this.sendCapabilities(this.launched);
      this.send('initialized');
    });
  }

  private async load(launched: LaunchArguments): Promise<Debuggee> {
    const { readFile, protocolRoot } = this.options;
    const paths = pathsFor(this.client.pathFormat, protocolRoot);
    const own = { ...launched, program: paths.fromClient(launched.program) };
    const loaded = await loadScenario(own, readFile, (line) => this.print(line, 'stderr'));
    const { whyNoLines, protocol } = loaded.code;
    if (whyNoLines) this.print(noLinesText(protocol.name, whyNoLines));
    const { linesStartAt1 = true, columnsStartAt1 = true } = this.client;
    const counts = { lines: counting(linesStartAt1), columns: counting(columnsStartAt1) };
    const debuggee = new Debuggee(own, loaded, paths, counts, (line) => this.write(line));
    const { ticked } = this.foreseen;
    debuggee.breakpoints.setPresets(own.noDebug ? [] : own.breakOn, ticked);
    return debuggee;
  }

  private sendCapabilities({ session }: Debuggee): void {
    const { ticked } = this.foreseen;
    const all = capabilities(session.code.protocol, ticked, session.capabilities);
    this.send('capabilities', { capabilities: all });
  }

  configurationDone(): void {
    this.later(() => this.run());
  }

  private run(): void {
    const { session, launched } = this.launched;
    this.isConfigured = true;
    const stopOnEntry = launched.stopOnEntry ?? !session.watch.stopsAtMore;
    const hit = launched.noDebug ? undefined : begin(session);
    // A stop on entry goes before a breakpoint on the first line of the scenario.
    const isEntry = stopOnEntry && !launched.noDebug && (!hit || hit.begins !== undefined);
    if (isEntry) this.reportStop(session.stopAt(atStart));
    else if (hit) this.reportStop(hit);
    else this.move(continuing(session), undefined);
  }

  async restart(given: { arguments?: unknown }): Promise<void> {
    this.motion?.slices.halt();
    this.motion = undefined;
    const { afterwards, launched: old } = this;
    const launched = given.arguments ? launchArguments(given.arguments) : old.launched;
    this.debuggee = await this.load(launched);
    this.debuggee.breakpoints.adopt(old.breakpoints);
    afterwards.push(() => this.run());
  }

  async reload(): Promise<ReloadResult> {
    const { stopped: old } = this;
    const fresh = await this.load(old.launched).catch((error: unknown) => {
      // The client that asked for the reload shows why it failed.
      throw error instanceof RequestRefusal ? new RequestRefusal(error.refused, false) : error;
    });
    // The user may have stepped or restarted while the files were read.
    if (this.debuggee !== old || this.motion) throw new RequestRefusal({ code: 'moved meanwhile' });
    fresh.breakpoints.adopt(old.breakpoints);
    const following = new Following(old.session, fresh.session);
    const kept = old.frames.places();
    this.debuggee = fresh;
    this.sendCapabilities(fresh);
    const advance = (budget: number) => {
      const stop = following.advance(budget);
      const difference = stop && reloadText(reloadOutcome(following.result));
      if (difference !== undefined) this.print(difference, 'stderr');
      return stop;
    };
    await new Promise<void>((resolve) => this.move(advance, undefined, resolve));
    fresh.frames.replace(kept);
    const { supportsInvalidatedEvent } = this.client;
    if (supportsInvalidatedEvent) this.send('invalidated', { areas: ['variables'] });
    const { step, inside } = fresh.session.cursor;
    return { ...reloadOutcome(following.result), at: { step, inside: inside !== null } };
  }

  /** Begins a motion; `ended` is called after its stop is reported, however it ends. */
  move(advance: Advance, node: number | undefined, ended: () => void = () => undefined): void {
    this.launched.leave();
    const thread = threadOfNode(node);
    const slices = new Slices<Stop>(
      advance,
      (result) => {
        this.arrive(slices, result);
        ended();
      },
      (error) => {
        this.fail(slices, error);
        ended();
      },
      () => this.view.running(this.launched.session),
      // Handlers of built-in protocols are known to end.
      this.launched.session.code.root === undefined ? undefined : this.options.limit,
    );
    this.motion = { slices, thread };
    slices.start();
  }

  later(next: () => void): void {
    this.afterwards.push(next);
  }

  pause(): void {
    if (this.motion) this.motion.slices.halt();
    else this.later(() => this.reportStop(this.launched.session.stop));
  }

  private arrive(slices: Slices<Stop>, result: Stop | 'halted'): void {
    if (this.motion?.slices !== slices) return;
    const { thread } = this.motion;
    this.motion = undefined;
    const { session, launched } = this.launched;
    const stop = result === 'halted' ? session.stopAt(stopFor({ type: 'pause' })) : result;
    if (stop.type === 'end') this.printVerdicts();
    if (launched.noDebug && stop.type === 'end') return this.end();
    if (launched.noDebug && result !== 'halted') return this.move(continuing(session), undefined);
    this.reportStop(stop, stop.type === 'step' ? thread : undefined);
    this.warnOfInexactReplay();
  }

  /** Warns once about code that makes going back inexact. */
  private warnOfInexactReplay(): void {
    if (this.hasWarned) return;
    const found = inexactReplay(this.launched.session);
    if (found === undefined) return;
    this.hasWarned = true;
    this.print(inexactReplayText(found), 'stderr');
  }

  /** After an error in a motion, the session can still be inspected. */
  private fail(slices: Slices<Stop>, error: unknown): void {
    if (this.motion?.slices !== slices) return;
    this.motion = undefined;
    const { session } = this.launched;
    if (error instanceof LimitError) {
      return this.reportStop(abandoned(session));
    }
    if (error instanceof RequestRefusal) {
      this.print(refusalText(error.refused), 'stderr');
      return this.reportStop(session.stopAt(stopFor({ type: 'pause' })));
    }
    const message = this.printInternal(error);
    this.reportStop(session.stopAt(stopFor({ type: 'internal error', message })));
  }

  reportStop(stop: Stop, thread = threadOfNode(stop.node)): void {
    this.launched.leave();
    this.send('stopped', stoppedBody(stop, thread));
    this.view.stopped(this.launched.session);
    this.prepareSoon(this.launched);
  }

  /** Instruments the code for stepping by lines while the user looks at the stop. */
  private prepareSoon({ session: { code } }: Debuggee): void {
    clearTimeout(this.preparation);
    this.preparation = setTimeout(() => code.variants?.prepare(), prepareAfterMs);
    // It must not keep the process alive.
    if (typeof this.preparation === 'object') this.preparation.unref();
  }

  panelOpened(panel: PanelName): void {
    this.later(() => {
      const isRunning = this.motion !== undefined;
      this.view.panelOpened(panel, this.debuggee?.session, isRunning);
    });
  }

  panelHidden(panel: PanelName): void {
    this.view.panelHidden(panel);
  }

  private printVerdicts(): void {
    const { launched } = this;
    this.print(runEndedText(launched.session.scenario.title));
    for (const verdict of launched.verdicts(true)) {
      this.print(verdictLine(verdict), verdict.type === 'violated' ? 'stderr' : 'console');
    }
    for (const note of launched.failureNotes()) this.print(note);
  }

  /** The end of the debuggee: its exit code says whether every expectation held. */
  end(): void {
    this.motion?.slices.halt();
    this.motion = undefined;
    const { session } = this.launched;
    const isOver = session.stop.type === 'end';
    const verdicts = isOver ? this.launched.verdicts(true) : [];
    this.view.ended(session, endingOf(isOver ? verdicts : null));
    this.send('exited', { exitCode: verdicts.some(({ type }) => type === 'violated') ? 1 : 0 });
    this.send('terminated');
  }

  disconnect(): void {
    clearTimeout(this.preparation);
    this.motion?.slices.halt();
    this.motion = undefined;
    this.debuggee = undefined;
    this.later(() => this.shutdown());
  }

  private print(line: string, category: Category = 'console'): void {
    this.send('output', { category, output: `${line}\n` });
  }

  /** A line of the session, at the place of its log point if it has one. */
  private write(line: OutputLine): void {
    const { debuggee } = this;
    const output = `${outputText(line)}\n`;
    const body: DebugProtocol.OutputEvent['body'] = { category: 'console', output };
    const place = 'place' in line ? line.place : undefined;
    if (debuggee && place) {
      const range = { line: place.line, column: 1, endLine: place.line, endColumn: 1 };
      body.source =
        place.file === ''
          ? debuggee.sources.of({ in: 'scenario', range })
          : debuggee.sources.ofFile(place.file);
      body.line = debuggee.lines.toClient(place.line);
    }
    this.send('output', body);
  }

  private send(event: string, body?: unknown): void {
    const message: DebugProtocol.Event = new Event(event, body);
    this.sendEvent(message);
  }
}

function counting(startAt1: boolean) {
  const offset = startAt1 ? 0 : 1;
  return { toClient: (line: number) => line - offset, fromClient: (line: number) => line + offset };
}
