/** A client of the debug adapter for tests: talks to the real process, as an editor does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { openSession } from '../../src/dap/process/server.ts';
import type { ReloadResult } from '../../src/dap/reload-result.ts';
import { patienceMs } from '../host/patience.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const scenarios = fileURLToPath(new URL('./scenarios', import.meta.url));

type BodyOf<Type extends DebugProtocol.Response> = NonNullable<Type['body']>;

/** The bodies of the responses that tests inspect. */
export interface Bodies {
  initialize: DebugProtocol.Capabilities;
  stackTrace: BodyOf<DebugProtocol.StackTraceResponse>;
  scopes: BodyOf<DebugProtocol.ScopesResponse>;
  variables: BodyOf<DebugProtocol.VariablesResponse>;
  threads: BodyOf<DebugProtocol.ThreadsResponse>;
  evaluate: BodyOf<DebugProtocol.EvaluateResponse>;
  completions: BodyOf<DebugProtocol.CompletionsResponse>;
  setBreakpoints: BodyOf<DebugProtocol.SetBreakpointsResponse>;
  setFunctionBreakpoints: BodyOf<DebugProtocol.SetFunctionBreakpointsResponse>;
  setDataBreakpoints: BodyOf<DebugProtocol.SetDataBreakpointsResponse>;
  setExceptionBreakpoints: BodyOf<DebugProtocol.SetExceptionBreakpointsResponse>;
  dataBreakpointInfo: BodyOf<DebugProtocol.DataBreakpointInfoResponse>;
  breakpointLocations: BodyOf<DebugProtocol.BreakpointLocationsResponse>;
  exceptionInfo: BodyOf<DebugProtocol.ExceptionInfoResponse>;
  stepInTargets: BodyOf<DebugProtocol.StepInTargetsResponse>;
  gotoTargets: BodyOf<DebugProtocol.GotoTargetsResponse>;
  loadedSources: BodyOf<DebugProtocol.LoadedSourcesResponse>;
  source: BodyOf<DebugProtocol.SourceResponse>;
  'lockstep/reload': ReloadResult;
  [command: string]: unknown;
}

export class Client {
  /** All events, in the order in which they came. */
  readonly events: DebugProtocol.Event[] = [];
  private sequence = 0;
  private data = Buffer.alloc(0);
  private readonly answers = new Map<number, (response: DebugProtocol.Response) => void>();
  private readonly awaited = new Map<string, number>();
  private wake: () => void = () => undefined;

  constructor(
    input: Readable,
    private readonly output: Writable,
  ) {
    input.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  send(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = ++this.sequence;
    const answer = new Promise<DebugProtocol.Response>((resolve) => this.answers.set(seq, resolve));
    this.write({
      seq,
      type: 'request',
      command,
      ...(args === undefined ? {} : { arguments: args }),
    });
    return within(answer, `the response to ${command}`);
  }

  /** The body of the response to a request that must succeed. */
  async ask<Command extends keyof Bodies & string>(command: Command, args?: unknown) {
    const response = await this.send(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body as Bodies[Command];
  }

  /** The next event of that name that no caller has waited for yet. */
  async event<Body = Record<string, unknown>>(name: string): Promise<Body> {
    const seen = this.awaited.get(name) ?? 0;
    this.awaited.set(name, seen + 1);
    const find = () => this.events.filter(({ event }) => event === name)[seen];
    const come = async () => {
      for (;;) {
        const found = find();
        if (found) return found.body as Body;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    };
    return within(come(), `the event ${name}`);
  }

  /** A request, and the stop to which it leads. */
  async move(command: string, args: object = { threadId: 1 }) {
    const stop = this.event<DebugProtocol.StoppedEvent['body']>('stopped');
    await this.ask(command, args);
    return stop;
  }

  /** Bytes as they are, well-formed or not. */
  writeRaw(text: string): void {
    this.output.write(text);
  }

  private write(message: object): void {
    const json = JSON.stringify(message);
    this.writeRaw(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }

  private receive(chunk: Buffer): void {
    this.data = Buffer.concat([this.data, chunk]);
    for (;;) {
      const end = this.data.indexOf('\r\n\r\n');
      if (end < 0) return;
      const header = this.data.toString('utf8', 0, end);
      const length = Number(/Content-Length: (\d+)/.exec(header)?.[1]);
      if (this.data.length < end + 4 + length) return;
      const text = this.data.toString('utf8', end + 4, end + 4 + length);
      this.data = this.data.subarray(end + 4 + length);
      this.dispatch(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  private dispatch(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'event') {
      this.events.push(message as DebugProtocol.Event);
      this.wake();
    } else {
      const response = message as DebugProtocol.Response;
      this.answers.get(response.request_seq)?.(response);
    }
  }
}

export interface Adapter {
  readonly client: Client;
  readonly process: Pick<ChildProcess, 'kill'>;
  readonly exited: Promise<number | null>;
}

const cli = `${repository}dist/cli.js`;

/** Starts the adapter as its users do: `lockstep dap`, over standard input and output. */
export function startAdapter(...args: string[]): Adapter {
  const process = spawn(globalThis.process.execPath, [cli, 'dap', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => process.once('exit', resolve));
  return { client: new Client(process.stdout!, process.stdin!), process, exited };
}

/**
 * The same code in this process, over streams. A process takes a third of a second to start, and its
 * code is slow at first: a test needs one only for what a process does.
 */
export function openAdapter(): Adapter {
  const input = new PassThrough();
  const output = new PassThrough();
  const session = openSession({}, `${repository}dist`, input, output);
  const exited = new Promise<number>((resolve) => (session.shutdown = () => resolve(0)));
  // As when a client is gone: what still runs ends.
  const kill = () => Boolean(input.destroy(new Error('the client is gone')));
  return { client: new Client(output, input), process: { kill }, exited };
}

/** Starts the adapter on a free port; resolves to the port once it listens. */
export async function startServer(): Promise<{ process: ChildProcess; port: number }> {
  const process = spawn(globalThis.process.execPath, [cli, 'dap', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const listening = new Promise<number>((resolve) => {
    process.stderr!.on('data', (text: Buffer) => {
      const port = /:(\d+)\s*$/.exec(text.toString())?.[1];
      if (port) resolve(Number(port));
    });
  });
  return { process, port: await within(listening, 'the port of the server') };
}

export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
