/** A client that speaks to the adapter's process over a socket, byte by byte if need be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { patienceMs } from '../../host/patience.mjs';
import { programPath, root } from '../programs.ts';
import { processorSeconds } from '../worker.ts';

type Message = DebugProtocol.Response | DebugProtocol.Event;

export interface Server {
  readonly process: ChildProcess;
  readonly port: number;
  /** What the process wrote to its standard error. */
  stderr: string;
}

export async function startServer(...args: string[]): Promise<Server> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'dist/cli.js'), 'dap', '--port', '0', ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const server = { process: child, port: 0, stderr: '' };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended (${code}): ${server.stderr}`)));
    child.stderr.on('data', (data: Buffer) => {
      server.stderr += data.toString();
      const port = /:(\d+)\s*$/.exec(server.stderr)?.[1];
      if (!port || server.port > 0) return;
      server.port = Number(port);
      resolve();
    });
  });
  return server;
}

export const isAlive = ({ process: child }: Server) =>
  child.exitCode === null && child.signalCode === null;

export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export function frame(message: unknown): string {
  const json = typeof message === 'string' ? message : JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

export class WireClient {
  readonly messages: Message[] = [];
  isClosed = false;
  private seq = 0;
  private data = Buffer.alloc(0);
  private waiting: (() => void)[] = [];

  private constructor(
    readonly socket: Socket,
    private readonly server: Server,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  static async connect(server: Server): Promise<WireClient> {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    return new WireClient(socket, server);
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  send(command: string, args?: object): number {
    const seq = ++this.seq;
    this.write(frame({ seq, type: 'request', command, ...(args ? { arguments: args } : {}) }));
    return seq;
  }

  response(seq: number): DebugProtocol.Response | undefined {
    return this.messages.find(
      (one): one is DebugProtocol.Response =>
        one.type === 'response' && (one as DebugProtocol.Response).request_seq === seq,
    );
  }

  /**
   * Waits until something is there. Gives up when the server has used so much processor time since,
   * or has done nothing for a while: that a machine is busy is not a fault of the server.
   */
  async until<Found>(
    what: string,
    found: () => Found | undefined,
    processorSecondsMost = 8,
  ): Promise<Found> {
    const used = () => processorSeconds(this.server.process.pid!);
    const start = used();
    let last = { used: start, wall: Date.now() };
    for (;;) {
      const one = found();
      if (one !== undefined) return one;
      if (!isAlive(this.server)) {
        throw new Error(`the server ended before ${what}: ${this.server.stderr.slice(-400)}`);
      }
      if (used() - start > processorSecondsMost)
        throw new Error(`the server works, and ${what} does not come`);
      if (used() - last.used > 0.03) last = { used: used(), wall: Date.now() };
      if (Date.now() - last.wall > patienceMs) throw new Error(`${what} does not come`);
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        setTimeout(resolve, 100);
      });
    }
  }

  async ask<Body = Record<string, never>>(command: string, args: object = {}): Promise<Body> {
    const seq = this.send(command, args);
    const response = await this.until(`the response to ${command}`, () => this.response(seq));
    if (!response.success) throw new Error(`${command} was refused: ${response.message}`);
    return response.body as Body;
  }

  async answered(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const seq = this.send(command, args);
    return this.until(`the response to ${command}`, () => this.response(seq));
  }

  event(name: string, count = 1): Promise<DebugProtocol.Event> {
    const events = () =>
      this.messages.filter(
        (one): one is DebugProtocol.Event =>
          one.type === 'event' && (one as DebugProtocol.Event).event === name,
      );
    return this.until(`the event ${name}`, () => events()[count - 1]);
  }

  /** Launches a scenario and waits for its first stop. */
  async launch(program: string, settings: object = {}): Promise<void> {
    await this.ask('initialize', { adapterID: 'lockstep' });
    await this.ask('launch', { program: programPath(program), stopOnEntry: true, ...settings });
    await this.event('initialized');
    await this.ask('configurationDone');
    await this.event('stopped');
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.data = Buffer.concat([this.data, chunk]);
    for (;;) {
      const end = this.data.indexOf('\r\n\r\n');
      if (end < 0) break;
      const length = Number(/Content-Length: (\d+)/.exec(this.data.toString('utf8', 0, end))?.[1]);
      if (this.data.length < end + 4 + length) break;
      const text = this.data.toString('utf8', end + 4, end + 4 + length);
      this.data = this.data.subarray(end + 4 + length);
      this.messages.push(JSON.parse(text) as Message);
    }
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) one();
  }
}
