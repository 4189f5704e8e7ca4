/** Sends a sequence of requests to a session of its own, and reports all that is wrong. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { programPath } from '../programs.ts';
import { signatureOf, stringsIn, wordingFault } from '../wording.ts';
import { bodyFaults } from './bodies.ts';
import { Conversation, isResponse, type Message, turns } from './conversation.ts';
import { KnownNames } from './known-names.ts';
import { type Sent, SessionLife } from './life.ts';
import { wrongArgument, wrongElements } from './schema.ts';
import type { Failure, Step } from './steps.ts';

/**
 * How long a response or a stop may take before it counts as missing. The processor time of a request
 * is bounded by the worker; this only ends the wait for what never comes, also on a busy machine.
 */
const patienceMs = 25_000;
/** How long a step that waits for a stop waits for one that may never come. */
const stopWaitMs = 60;

interface Request extends Sent {
  readonly step: number;
  readonly given: string;
}

/** Names of functions that no protocol has: a breakpoint on one of them never stops anything. */
const neverNames = new Set(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ':']);

export class Replay {
  readonly failures: Failure[] = [];
  private readonly conversation = new Conversation((message) => this.received(message));
  private readonly life = new SessionLife((message) => this.fail(`life: ${message}`));
  private readonly names = new KnownNames();
  private readonly requests = new Map<number, Request>();
  private readonly answered = new Set<number>();
  private step = 0;
  private lineBase = 1;
  private columnBase = 1;
  private lastSeq = 0;
  /** What the console showed that must not be shown, until a refusal that says the same. */
  private shown: string[] = [];

  /** `progress` is called before each request, so that a hang can be located. */
  constructor(private readonly progress: (step: number, command: string) => void) {}

  /** Adds a failure; each fault of a sequence is reported once. */
  fail(message: string, signature = signatureOf(message), step = this.step): void {
    if (this.failures.some((one) => one.signature === signature)) return;
    this.failures.push({ signature, message, step });
  }

  async run(steps: readonly Step[]): Promise<readonly Failure[]> {
    for (const [index, [command, args, then]] of steps.entries()) {
      this.step = index;
      this.progress(index, command);
      const given = args === undefined ? undefined : this.names.resolved(JSON.parse(args));
      this.send(command, given, args ?? '');
      const seq = this.lastSeq;
      if (then === 'none') continue;
      await this.conversation.until(() => this.conversation.response(seq), patienceMs);
      if (then === 'stop') await this.stop(stopWaitMs);
    }
    this.step = steps.length;
    this.progress(steps.length, 'the end');
    await this.finish();
    return this.failures;
  }

  private send(command: string, args: unknown, given: string): void {
    // The response may come before `send` returns.
    const seq = ++this.lastSeq;
    const fields = typeof args === 'object' && args !== null ? args : {};
    const sent = this.life.sent(command, fields as Record<string, unknown>);
    this.requests.set(seq, { ...sent, step: this.step, given });
    this.conversation.send(command, args);
  }

  private stop(waitMs: number): Promise<true | undefined> {
    return this.conversation.until(() => (this.life.isRunning ? undefined : true), waitMs);
  }

  // Judging what comes back

  private received(message: Message): void {
    if (isResponse(message)) this.response(message);
    else this.event(message);
  }

  private event({ event, body }: DebugProtocol.Event): void {
    this.life.event(event);
    if (event === 'output' && wordingFault(body.output)) this.shown.push(body.output as string);
    if (event === 'stopped' && typeof body?.threadId !== 'number') {
      this.fail('event stopped: threadId must be a number');
    }
  }

  private response(response: DebugProtocol.Response): void {
    const request = this.requests.get(response.request_seq);
    if (request === undefined) return this.fail('a response to no request');
    const { command, step, given } = request;
    if (this.answered.has(response.request_seq)) {
      this.fail(`${command} was answered twice`, undefined, step);
    }
    this.answered.add(response.request_seq);
    if (response.command !== command) this.fail(`${command} was answered as another command`);
    if (response.success) this.success(request, response.body);
    else this.refusal(request, response, given);
  }

  private refusal({ command, step }: Request, response: DebugProtocol.Response, given: string) {
    const { message, body } = response;
    if (typeof message !== 'string' || message.trim() === '') {
      this.fail(`${command} was refused without a reason`, undefined, step);
    }
    const fault = wordingFault(`${message} ${body?.error?.format ?? ''}`, given);
    if (!fault) return;
    this.fail(`${command} refused with ${fault}: ${cut(message)}`, undefined, step);
    this.shown = this.shown.filter((text) => !text.startsWith(message!));
  }

  private success(request: Request, body: unknown): void {
    const { command, args, step, given } = request;
    const wrong = wrongArgument(command, argumentsOf(request), this.base(command));
    if (wrong) {
      const [field] = wrong.split(':');
      const signature = `${command} accepted a wrong ${field}`;
      this.fail(`${command} accepted a wrong argument, ${wrong}`, signature, step);
    }
    const asked = { args, lineBase: this.lineBase, columnBase: this.columnBase };
    if (!wrong) {
      for (const fault of bodyFaults(command, body, asked)) {
        this.fail(`${command}: ${fault}`, undefined, step);
      }
    }
    if (command !== 'source') {
      for (const [path, text] of stringsIn(body)) {
        const fault = wordingFault(text, given);
        if (fault) this.fail(`${command}: body${path} holds ${fault}: ${cut(text)}`);
      }
    }
    this.judgeGranted(request, body);
    this.judgeRows(request, body);
    this.life.granted(request);
    this.names.note(command, wrong ? undefined : body);
    if (command === 'initialize') {
      this.lineBase = args.linesStartAt1 === false ? 0 : 1;
      this.columnBase = args.columnsStartAt1 === false ? 0 : 1;
    }
    if (command === 'launch') this.names.launched(this.life.program);
  }

  /** Breakpoints that can never be met must not be verified. */
  private judgeGranted({ command, args, step }: Request, body: unknown): void {
    const { breakpoints: told } = (body ?? {}) as { breakpoints?: { verified?: boolean }[] };
    if (!Array.isArray(told) || command === 'breakpointLocations') return;
    const isGranted = (index: number) => told[index]?.verified === true;
    for (const [index, wrong] of wrongElements(command, args, this.base(command))) {
      if (isGranted(index)) this.fail(`${command} verified a wrong element, ${wrong}`);
    }
    const wanted = (args.breakpoints ?? args.filters ?? []) as unknown[];
    wanted.forEach((one, index) => {
      const { name, dataId } = (one ?? {}) as { name?: unknown; dataId?: unknown };
      const bare = typeof name === 'string' ? name.replace(/^\w+:/, '').trim() : undefined;
      if (command === 'setFunctionBreakpoints' && neverNames.has(bare!) && isGranted(index)) {
        this.fail(`setFunctionBreakpoints verified the name ${JSON.stringify(name)}`);
      }
      if (command === 'setDataBreakpoints' && !this.isDataId(dataId) && isGranted(index)) {
        this.fail(`setDataBreakpoints verified the id ${cut(JSON.stringify(dataId))}`, undefined, step);
      }
    });
  }

  /** All rows come to a client that asks for all: as many as were promised. */
  private judgeRows({ command, args }: Request, body: unknown): void {
    if (command !== 'variables' || args.start || args.count || args.filter) return;
    const promised = this.names.rowsOf(args.variablesReference);
    const { variables } = body as { variables: unknown[] };
    if (promised === undefined || variables.length === promised) return;
    this.fail(`variables: ${promised} rows were promised, and ${variables.length} were sent`);
  }

  private isDataId(id: unknown): boolean {
    if (typeof id !== 'string') return false;
    return this.names.hasOffered(id) || /^\["(n\d|[a-c]|\w+)","(?!__|constr)\w+"(,\w+|,"\w+")*\]$/.test(id);
  }

  private base(command: string): number {
    return command === 'completions' ? this.columnBase : this.lineBase;
  }

  // The end of a sequence: everything is answered, and the session is as it should be

  private async finish(): Promise<void> {
    const { conversation, life } = this;
    const missing = () => [...this.requests.keys()].filter((seq) => !this.answered.has(seq));
    const all = () => (missing().length === 0 ? true : undefined);
    if (life.life !== 'closed' && !(await conversation.until(all, patienceMs))) {
      for (const seq of missing()) {
        const { command, step } = this.requests.get(seq)!;
        this.fail(`${command} was never answered`, undefined, step);
      }
    }
    const isLong = [programPath('long'), programPath('endless')].includes(life.program);
    if (life.isRunning && !isLong) {
      if (!(await this.stop(patienceMs))) this.fail('a run never stops');
    }
    if (life.isRunning) await this.judgeWorking();
    if (life.isRunning) {
      this.send('pause', { threadId: 1 }, '');
      if (!(await this.stop(patienceMs))) this.fail('a run cannot be paused');
    }
    life.settled();
    await this.probe();
    for (const text of this.shown) {
      this.fail(`the console shows ${wordingFault(text)}: ${cut(text.split('\n')[0])}`);
    }
    this.send('disconnect', {}, '');
    await turns(3);
  }

  /** A client that waits for a stop waits for something: the run takes its share of each turn. */
  private async judgeWorking(): Promise<void> {
    const before = performance.now();
    await turns(6);
    if (!this.life.isRunning || performance.now() - before > 12) return;
    this.fail('nothing runs, and no stop was reported');
  }

  /** A session that was started can be looked at in every thread. */
  private async probe(): Promise<void> {
    const before = this.life.life;
    const threads = (await this.probed('threads', {})) as { threads: { id: number }[] } | undefined;
    if (before !== 'started') return;
    if (!threads) return this.fail('the session is not usable at its end: threads was refused');
    for (const { id } of threads.threads.slice(0, 8)) {
      if (await this.probed('stackTrace', { threadId: id })) continue;
      // A refusal with an internal error has been reported as such.
      if (this.failures.some(({ signature }) => signature.startsWith('stackTrace refused'))) return;
      this.fail('the session is not usable at its end: stackTrace was refused');
    }
  }

  private async probed(command: string, args: object): Promise<unknown> {
    this.send(command, args, '');
    const seq = this.lastSeq;
    const response = await this.conversation.until(
      () => this.conversation.response(seq),
      patienceMs,
    );
    return response?.success ? response.body : undefined;
  }
}

function argumentsOf({ given, args }: Request): unknown {
  if (given === '') return Object.keys(args).length > 0 ? args : undefined;
  const parsed: unknown = JSON.parse(given);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? args : parsed;
}

const cut = (text: unknown) => String(text).replace(/\s+/g, ' ').slice(0, 200);
