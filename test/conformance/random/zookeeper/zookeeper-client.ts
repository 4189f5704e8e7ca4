// A small client of ZooKeeper: it does nothing by itself, and its path leads through proxies.
import { createConnection, type Socket } from 'node:net';
import type { Data } from '../../transcripts/adapter.ts';
import { JuteReader } from './jute.ts';
import { poll } from '../real-steps.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import {
  type Args, connectPacket, eventOf, eventXid, pingPacket, pingXid, requestPacket, resultOf, xidOf,
} from './zookeeper-wire.ts';

const ended = { connection: 'ended' } as const;
const defaultTimeoutMs = 4_000;

/** A request that waits for its reply. */
interface Request {
  readonly action: string;
  readonly settle: (result: Data) => void;
}

/** One connection, behind a proxy of its own. */
class Path {
  /** What was sent on it and has no reply. */
  readonly requests = new Map<number, Request>();
  private received = Buffer.alloc(0);
  hasEnded = false;

  constructor(
    readonly proxy: TcpProxy,
    readonly socket: Socket,
    packet: (bytes: Buffer) => void,
    end: () => void,
  ) {
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      while (this.received.length >= 4) {
        const length = this.received.readInt32BE();
        if (this.received.length < 4 + length) return;
        const one = this.received.subarray(4, 4 + length);
        this.received = this.received.subarray(4 + length);
        packet(one);
      }
    });
    const finish = () => {
      if (this.hasEnded) return;
      this.hasEnded = true;
      end();
    };
    socket.once('error', finish);
    socket.once('close', finish);
  }

  send(packet: Buffer): void {
    if (!this.hasEnded) this.socket.write(packet);
  }
}

export class ZooKeeperClient {
  private readonly paths: Path[] = [];
  private readonly events: Data[] = [];
  private session = { id: 0n, password: Buffer.alloc(16) };
  private zxid = 0n;
  private connecting: ((result: Data) => void) | undefined;
  private nextXid = 1;
  private pings: NodeJS.Timeout | undefined;

  /** `root` is the znode on the server that the paths in the steps are below. */
  constructor(private readonly portOf: (server: number) => number, private readonly root: string) {}

  /** `older` steps go to an older path: 0 is the newest. */
  async begin(action: string, args: Args, older = 0): Promise<Data | undefined> {
    switch (action) {
      case 'connect':
        this.session = { id: 0n, password: Buffer.alloc(16) };
        this.zxid = 0n;
        return this.connect(args);
      case 'reconnect':
        return this.reconnect(args);
      case 'wait-disconnected': {
        const isOver = async () => this.path.hasEnded || undefined;
        const withinMs = Number(args.within_ms ?? 10_000);
        return { connection: (await poll(isOver, withinMs)) ? 'ended' : 'open' };
      }
      case 'events':
        return this.takeEvents(Number(args.count ?? 1), Number(args.within_ms ?? 5_000));
      case 'wait-gone': {
        const isGone = async () => {
          const found = await this.request('exists', { path: args.path });
          return isError(found, 'NONODE') || undefined;
        };
        const withinMs = Number(args.within_ms ?? 30_000);
        return { node: (await poll(isGone, withinMs)) ? 'gone' : 'there' };
      }
    }
    return this.fault(action, args, older) ? undefined : this.request(action, args);
  }

  /** Faults, and pings, which are over at once. */
  private fault(action: string, args: Args, older: number): boolean {
    const { proxy, socket } = this.paths[this.paths.length - 1 - older];
    const { which } = args;
    switch (action) {
      case 'stall':
        proxy.stall(which === 'to-server' || which === 'to-client' ? [which] : ['to-server', 'to-client']);
        return true;
      case 'resume':
        proxy.resume();
        return true;
      case 'arm':
        proxy.arm(args.on === 'request' ? 'to-server' : 'to-client');
        return true;
      case 'cut':
      case 'sever':
        proxy.cut();
        return true;
      case 'die':
        this.stopPings();
        socket.end();
        return true;
      case 'ping-every':
        this.stopPings();
        this.pings = setInterval(() => this.path.send(pingPacket()), Number(args.ms));
        return true;
      default:
        return false;
    }
  }

  async close(): Promise<void> {
    this.stopPings();
    for (const { socket, proxy } of this.paths) {
      socket.destroy();
      await proxy.close();
    }
  }

  private stopPings(): void {
    clearInterval(this.pings);
  }

  private get path(): Path {
    const path = this.paths.at(-1);
    if (path === undefined) throw new Error('the client is not connected');
    return path;
  }

  private async reconnect({ tries = 1, ...args }: Args): Promise<Data> {
    const isIn = async () => {
      const result = await this.connect(args);
      return 'session' in (result as object) ? result : undefined;
    };
    // A server that has just started closes connections; the client tries again.
    return (await poll(isIn, (Number(tries) - 1) * 1_000)) ?? ended;
  }

  private async connect(args: Args): Promise<Data> {
    const timeoutMs = Number(args.timeout ?? defaultTimeoutMs);
    const isNew = this.session.id === 0n;
    const proxy = await TcpProxy.open(() => this.portOf(Number(args.to ?? 1)));
    const socket = createConnection({ port: proxy.port, host: '127.0.0.1', noDelay: true });
    const result = new Promise<Data>((resolve) => (this.connecting = resolve));
    const path = new Path(proxy, socket, (bytes) => this.receive(path, bytes), () => this.end(path));
    this.paths.push(path);
    path.send(connectPacket(timeoutMs, this.session, this.zxid));
    const connected = await result;
    const { timeout } = connected as { timeout?: number };
    if (timeout === undefined) return connected;
    return timeout === 0 ? { session: 'expired' } : { session: isNew ? 'new' : 'same', timeout };
  }

  private receive(path: Path, bytes: Buffer): void {
    const reply = new JuteReader(bytes);
    const { connecting } = this;
    if (connecting !== undefined && path === this.path) {
      this.connecting = undefined;
      reply.int();
      const timeout = reply.int();
      if (timeout > 0) this.session = { id: reply.long(), password: Buffer.from(reply.buffer()) };
      connecting({ timeout });
      return;
    }
    const [xid, zxid, error] = [reply.int(), reply.long(), reply.int()];
    if (xid === pingXid) return;
    const local = (name: string) => (name.startsWith(this.root) ? name.slice(this.root.length) : name) || '/';
    if (xid === eventXid) {
      this.events.push(eventOf(reply, local));
      return;
    }
    if (zxid > 0n) this.zxid = zxid;
    const request = path.requests.get(xid);
    path.requests.delete(xid);
    request?.settle(resultOf(request.action, error, reply, local));
  }

  private end(path: Path): void {
    for (const { settle } of path.requests.values()) settle(ended);
    path.requests.clear();
    if (path !== this.path) return;
    this.connecting?.(ended);
    this.connecting = undefined;
  }

  private request(action: string, args: Args): Promise<Data> {
    const { path } = this;
    if (path.hasEnded) return Promise.resolve(ended);
    const xid = xidOf(action, this.nextXid++);
    const onServer = (name: string) => (name === '/' ? this.root : `${this.root}${name}`);
    return new Promise((settle) => {
      path.requests.set(xid, { action, settle });
      path.send(requestPacket(action, args, xid, this.zxid, onServer));
      if (action === 'close-session') this.stopPings();
    });
  }

  private async takeEvents(count: number, withinMs: number): Promise<Data> {
    const isThere = async () => (count > 0 && this.events.length >= count) || undefined;
    await poll(isThere, withinMs);
    return { events: this.events.splice(0, count > 0 ? count : this.events.length) };
  }
}

function isError(result: Data, error: string): boolean {
  return (result as { error?: string }).error === error;
}
