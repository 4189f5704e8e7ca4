/** The debug adapter: a conversation with one client about one scenario. */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { abandoned } from '../session/abandon.ts';
import { doubtOf } from '../session/doubt.ts';
import { Following } from '../session/reload.ts';
import { type Stop, stopOf } from '../session/stop.ts';
import type { LogLine } from '../session/breakpoints/watch.ts';
import { type LaunchArguments, launchArguments } from './requests/arguments.ts';
import { capabilities } from './capabilities.ts';
import { Debuggee, verdictText } from './debuggee.ts';
import { threadOfNode } from './requests/frames.ts';
import { type Foreseen, foresee, loadScenario, type ReadFile } from './load.ts';
import { type Advance, continuing } from './requests/motions.ts';
import { checkedArguments } from './checked.ts';
import { Refusal } from './refusal.ts';
import { type Conversation, type Handlers, requestHandlers } from './requests/requests.ts';
import { Slices } from './slices.ts';
import { pathsFor } from './requests/sources.ts';
import { stoppedBody } from './stopped.ts';
import { type Limit, secondsMost, TookTooLong } from './too-long.ts';
import { endingOf, View } from './view.ts';
import type { PanelName } from '../view/panels.ts';

export interface AdapterOptions {
  readonly readFile: ReadFile;
  /** The scenario to be launched, where that is known before: its events are the filters. */
  readonly scenario?: string;
  /** The folder above which no import of its protocol leads; a launch says it again. */
  readonly workspace?: string;
  /** Ends what takes too long, where the host can. */
  readonly limit?: Limit;
  /** The folder on the client's disk with the sources of the built-in protocols. */
  readonly protocolRoot?: string;
}

/** After a stop an editor asks for stack and variables at once. */
const prepareAfterMs = 300;

export class LockstepDebugSession extends DebugSession implements Conversation {
  private client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  private debuggee: Debuggee | undefined;
  private hasDoubted = false;
  private preparation: ReturnType<typeof setTimeout> | undefined;
  private foreseen: Foreseen = { ticked: [] };
  private motion: { slices: Slices<Stop>; thread: number } | undefined;
  /** True from `configurationDone` on: what the client sets from then on, it changes. */
  private isConfigured = false;
  private readonly view = new View((body) => this.tell('lockstep/view', body));
  /** What follows once the present request is answered. */
  private afterwards: (() => void)[] = [];
  private readonly handlers: Handlers;

  constructor(readonly options: AdapterOptions) {
    super();
    this.handlers = requestHandlers(this);
    // A message that is no JSON is answered with words, not with the end of the process.
    this.removeAllListeners('error');
    this.on('error', (event: Event & { body?: unknown }) =>
      this.say(`${String(event.body)}\n`, 'stderr'),
    );
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  /** Requests that need not wait are answered at once, in the order in which they came. */
  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    const mine: (() => void)[] = [];
    this.afterwards = mine;
    try {
      const handler = Object.hasOwn(this.handlers, request.command)
        ? this.handlers[request.command]
        : undefined;
      if (!handler) throw new Refusal(`This adapter does not know the request ${request.command}.`);
      const result = handler(checkedArguments(request.command, request.arguments) as never);
      const body = result instanceof Promise ? await result : result;
      if (body !== undefined) response.body = body;
    } catch (error) {
      this.refuse(response, error);
    }
    this.sendResponse(response);
    for (const next of mine) next();
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    const isRefusal = error instanceof Refusal;
    const { message, stack } =
      error instanceof Error ? error : { message: String(error), stack: '' };
    const format = isRefusal ? message : `A fault of Lockstep itself: ${message}`;
    if (!isRefusal) this.say(`${format}\n${stack ?? ''}\n`, 'stderr');
    response.success = false;
    response.message = format;
    response.body = {
      error: { id: isRefusal ? 1 : 2, format, showUser: isRefusal && error.isShown },
    };
  }

  // What the requests need

  get launched(): Debuggee {
    if (!this.debuggee) throw new Refusal('Nothing was launched yet.');
    return this.debuggee;
  }

  /** The debuggee, where it stands still. */
  get stopped(): Debuggee {
    if (this.motion) throw new Refusal('The run is under way: pause it first.');
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
    if (this.debuggee) throw new Refusal('A scenario was launched already: restart it.');
    const launched = launchArguments(given);
    this.isConfigured = false;
    const { afterwards } = this;
    this.debuggee = await this.load(launched);
    // Only our own extension names the scenario beforehand, and it shows the moment.
    const showsMoment = launched.panels ?? this.options.scenario !== undefined;
    this.view.showsMoment = showsMoment && !launched.noDebug;
    afterwards.push(() => {
      const { protocol } = this.launched.session.code;
      const { ticked } = this.foreseen;
      this.tell('capabilities', { capabilities: capabilities(protocol, ticked) });
      this.tell('initialized');
    });
  }

  private async load(launched: LaunchArguments): Promise<Debuggee> {
    const report = (line: string) => this.say(`${line}\n`, 'stderr');
    const { readFile, protocolRoot } = this.options;
    const paths = pathsFor(this.client.pathFormat, protocolRoot);
    const own = { ...launched, program: paths.fromClient(launched.program) };
    const loaded = await loadScenario(own, readFile, report);
    const { linesStartAt1 = true, columnsStartAt1 = true } = this.client;
    const counts = { lines: counting(linesStartAt1), columns: counting(columnsStartAt1) };
    const debuggee = new Debuggee(own, loaded, paths, counts, (line) => this.log(line));
    const { ticked } = this.foreseen;
    debuggee.breakpoints.setPresets(own.noDebug ? [] : own.breakOn, ticked);
    return debuggee;
  }

  configurationDone(): void {
    this.later(() => this.run());
  }

  private run(): void {
    const { session, launched } = this.launched;
    this.isConfigured = true;
    const stopOnEntry = launched.stopOnEntry ?? !session.watch.hasWishes;
    const met = launched.noDebug ? undefined : session.begin();
    // At the start, it goes before a breakpoint on the first line of the scenario.
    const isEntry = stopOnEntry && !launched.noDebug && (!met || met.begins !== undefined);
    if (isEntry) this.stand(session.stopAt(stopOf('entry', 'the start')));
    else if (met) this.stand(met);
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

  async reload(): Promise<void> {
    const { afterwards, stopped: old } = this;
    const fresh = await this.load(old.launched).catch((error: unknown) => {
      // Who asked for it tells the person.
      throw error instanceof Refusal ? new Refusal(error.message) : error;
    });
    // Who waits must not overtake what the person did in the meantime.
    if (this.debuggee !== old || this.motion) throw new Refusal('The run went on meanwhile.');
    fresh.breakpoints.adopt(old.breakpoints);
    const following = new Following(old.session, fresh.session);
    const advance = (budget: number) => {
      const stop = following.advance(budget);
      if (stop && following.difference) this.say(`${following.difference}\n`, 'stderr');
      return stop;
    };
    const kept = old.frames.places();
    this.debuggee = fresh;
    afterwards.push(() => {
      const { protocol } = fresh.session.code;
      const { ticked } = this.foreseen;
      this.tell('capabilities', { capabilities: capabilities(protocol, ticked) });
      this.move(advance, undefined, () => {
        fresh.frames.replace(kept);
        const { supportsInvalidatedEvent } = this.client;
        if (supportsInvalidatedEvent) this.tell('invalidated', { areas: ['variables'] });
      });
    });
  }

  /** Begins a motion, once the request that asks for it is answered. */
  move(advance: Advance, node: number | undefined, arrived: () => void = () => undefined): void {
    this.launched.leave();
    const thread = threadOfNode(node);
    const slices = new Slices<Stop>(
      advance,
      (result) => {
        this.arrive(slices, result);
        arrived();
      },
      (error) => this.fail(slices, error),
      () => this.view.running(this.launched.session),
      // What the built-in protocols do is known to end.
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
    else this.later(() => this.stand(this.launched.session.stop));
  }

  private arrive(slices: Slices<Stop>, result: Stop | 'halted'): void {
    if (this.motion?.slices !== slices) return;
    const { thread } = this.motion;
    this.motion = undefined;
    const { session, launched } = this.launched;
    const stop = result === 'halted' ? session.stopAt(stopOf('pause', 'pause')) : result;
    if (stop.type === 'end') this.sayVerdicts();
    if (launched.noDebug && stop.type === 'end') return this.end();
    if (launched.noDebug && result !== 'halted') return this.move(continuing(session), undefined);
    this.stand(stop, stop.type === 'step' ? thread : undefined);
    this.doubt();
  }

  /** Says once what would make going back inexact. */
  private doubt(): void {
    if (this.hasDoubted) return;
    const doubt = doubtOf(this.launched.session);
    if (doubt === undefined) return;
    this.hasDoubted = true;
    this.say(`${doubt}\n`, 'stderr');
  }

  /** A fault of ours in a motion: said at once, and the session can still be looked at. */
  private fail(slices: Slices<Stop>, error: unknown): void {
    if (this.motion?.slices !== slices) return;
    this.motion = undefined;
    if (error instanceof TookTooLong) {
      return this.stand(abandoned(this.launched.session, secondsMost));
    }
    const { message, stack } =
      error instanceof Error ? error : { message: String(error), stack: '' };
    if (error instanceof Refusal) this.say(`${message}\n`, 'stderr');
    else this.say(`A fault of Lockstep itself: ${message}\n${stack ?? ''}\n`, 'stderr');
    this.stand(this.launched.session.stopAt(stopOf('pause', message)));
  }

  /** Tells the client that the debugger stands still, and why. */
  stand(stop: Stop, thread = threadOfNode(stop.node)): void {
    this.launched.leave();
    this.tell('stopped', stoppedBody(stop, thread));
    this.view.stopped(this.launched.session);
    this.prepareSoon(this.launched);
  }

  /** Makes ready to step through lines once the client has looked around. */
  private prepareSoon({ session: { code } }: Debuggee): void {
    clearTimeout(this.preparation);
    this.preparation = setTimeout(() => code.variants?.prepare(), prepareAfterMs);
    // Nobody waits for it.
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

  private sayVerdicts(): void {
    const { launched } = this;
    const verdicts = launched.verdicts(true);
    const { title } = launched.session.script.scenario;
    this.say(`${title}: the run has ended.\n`);
    for (const verdict of verdicts) {
      this.say(`${verdictText(verdict)}\n`, verdict.type === 'violated' ? 'stderr' : 'console');
    }
  }

  /** The end of the debuggee: its exit code says whether every expectation held. */
  end(): void {
    this.motion?.slices.halt();
    this.motion = undefined;
    const { session } = this.launched;
    const isOver = session.stop.type === 'end';
    const verdicts = isOver ? this.launched.verdicts(true) : [];
    this.view.ended(session, endingOf(isOver ? verdicts : null));
    this.tell('exited', { exitCode: verdicts.some(({ type }) => type === 'violated') ? 1 : 0 });
    this.tell('terminated');
  }

  disconnect(): void {
    clearTimeout(this.preparation);
    this.motion?.slices.halt();
    this.motion = undefined;
    this.debuggee = undefined;
    this.later(() => this.shutdown());
  }

  say(output: string, category: 'console' | 'stdout' | 'stderr' = 'console'): void {
    this.tell('output', { category, output });
  }

  private log({ text, place }: LogLine): void {
    const { debuggee } = this;
    const body: DebugProtocol.OutputEvent['body'] = { category: 'console', output: `${text}\n` };
    if (debuggee && place) {
      const range = { line: place.line, column: 1, endLine: place.line, endColumn: 1 };
      body.source =
        place.file === ''
          ? debuggee.sources.of({ in: 'scenario', range })
          : debuggee.sources.ofFile(place.file);
      body.line = counting(this.client.linesStartAt1 ?? true).toClient(place.line);
    }
    this.tell('output', body);
  }

  private tell(event: string, body?: unknown): void {
    const sent: DebugProtocol.Event = new Event(event, body);
    this.sendEvent(sent);
  }
}

function counting(startAt1: boolean) {
  const offset = startAt1 ? 0 : 1;
  return { toClient: (line: number) => line - offset, fromClient: (line: number) => line + offset };
}
