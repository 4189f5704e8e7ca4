/** A client of the debug adapter, for tests: speaks to the real process and writes down what is said. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const patienceMs = 20_000;

type Message = DebugProtocol.Response | DebugProtocol.Event;

export class Client {
  readonly events: DebugProtocol.Event[] = [];
  private sequence = 0;
  private data = Buffer.alloc(0);
  private readonly answers = new Map<number, (response: DebugProtocol.Response) => void>();
  private waiting: { fits: (event: DebugProtocol.Event) => boolean; take: (event: DebugProtocol.Event) => void }[] = [];
  private heard = 0;

  constructor(
    input: Readable,
    private readonly output: Writable,
  ) {
    input.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  send(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = ++this.sequence;
    this.write({ seq, type: 'request', command, arguments: args });
    return within(new Promise((resolve) => this.answers.set(seq, resolve)), `an answer to ${command}`);
  }

  /** The body of a request that is expected to be granted. */
  async ask(command: string, args?: unknown): Promise<any> {
    const response = await this.send(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body;
  }

  /** The next event of that name that was not waited for yet. */
  event(name: string): Promise<any> {
    const fits = (event: DebugProtocol.Event) => event.event === name;
    for (; this.heard < this.events.length; this.heard++) {
      if (fits(this.events[this.heard])) return Promise.resolve(this.events[this.heard++].body);
    }
    return within(
      new Promise((resolve) => this.waiting.push({ fits, take: ({ body }) => resolve(body) })),
      `the event ${name}`,
    );
  }

  /** A request, and the stop that it leads to. */
  async move(command: string, args: object = { threadId: 1 }): Promise<any> {
    const stop = this.event('stopped');
    await this.ask(command, args);
    return stop;
  }

  writeRaw(text: string): void {
    this.output.write(text);
  }

  private write(message: object): void {
    const json = JSON.stringify(message);
    this.output.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }

  private receive(chunk: Buffer): void {
    this.data = Buffer.concat([this.data, chunk]);
    for (;;) {
      const end = this.data.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.data.toString('utf8', 0, end))?.[1]);
      if (this.data.length < end + 4 + length) return;
      const text = this.data.toString('utf8', end + 4, end + 4 + length);
      this.data = this.data.subarray(end + 4 + length);
      this.hear(JSON.parse(text) as Message);
    }
  }

  private hear(message: Message): void {
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.answers.get(response.request_seq)?.(response);
      return;
    }
    const event = message as DebugProtocol.Event;
    this.events.push(event);
    const index = this.waiting.findIndex(({ fits }) => fits(event));
    if (index < 0) return;
    this.heard = this.events.length;
    this.waiting.splice(index, 1)[0].take(event);
  }
}

export interface Adapter {
  readonly client: Client;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
}

/** Starts the adapter as its users do: the command line's `dap`, over standard input and output. */
export function startProcess(...args: string[]): Adapter {
  const process = spawn(globalThis.process.execPath, [globalThis.process.env.LOCKSTEP_CLI ?? `${repository}dist/cli.js`, 'dap', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => process.once('exit', resolve));
  return { client: new Client(process.stdout!, process.stdin!), process, exited };
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
