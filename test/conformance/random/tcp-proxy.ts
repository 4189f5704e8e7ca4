// A TCP proxy on loopback in front of one server: it stalls, loses and cuts what passes through it.
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'to-server' | 'to-client';

/** One direction of one connection: what arrived and was not passed on yet. */
interface Lane {
  readonly direction: Direction;
  readonly to: Socket;
  /** Undefined is the end of the connection. */
  readonly held: (Buffer | undefined)[];
}

export class TcpProxy {
  private readonly lanes = new Set<Lane>();
  private readonly sockets = new Set<Socket>();
  private readonly stalled = new Set<Direction>();
  private armed: Direction | undefined;

  private constructor(private readonly server: Server, readonly port: number) {}

  /** Listens at a free port; each connection is passed on to the port that `target` returns. */
  static open(target: () => number): Promise<TcpProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true });
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        const proxy = new TcpProxy(server, port);
        server.on('connection', (client) => proxy.accept(client, target()));
        resolve(proxy);
      });
    });
  }

  /** Bytes, and the end of a connection, wait in the proxy until `resume`. */
  stall(directions: readonly Direction[]): void {
    for (const direction of directions) this.stalled.add(direction);
  }

  resume(): void {
    this.stalled.clear();
    for (const lane of this.lanes) this.pass(lane);
  }

  /** The next bytes in this direction are thrown away, and their connection is closed. */
  arm(direction: Direction): void {
    this.armed = direction;
  }

  /** Closes all connections on both sides. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Closes all connections, and the proxy. */
  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket, port: number): void {
    const server = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.connect(client, { direction: 'to-server', to: server, held: [] }, server);
    this.connect(server, { direction: 'to-client', to: client, held: [] }, client);
  }

  private connect(from: Socket, lane: Lane, other: Socket): void {
    this.sockets.add(from);
    this.lanes.add(lane);
    const hold = (part: Buffer | undefined) => {
      lane.held.push(part);
      this.pass(lane);
    };
    from.on('data', (bytes: Buffer) => {
      if (this.armed !== lane.direction) return hold(bytes);
      this.armed = undefined;
      from.destroy();
      other.destroy();
    });
    from.once('end', () => hold(undefined));
    from.once('error', () => hold(undefined));
    from.once('close', () => {
      this.sockets.delete(from);
      if (!from.readableEnded && !from.errored) hold(undefined);
    });
  }

  private pass(lane: Lane): void {
    const { direction, to, held } = lane;
    while (held.length > 0 && !this.stalled.has(direction)) {
      const part = held.shift();
      if (part === undefined) {
        this.lanes.delete(lane);
        to.end();
      } else if (to.writable) to.write(part);
    }
  }
}
