// The proxies on the paths to servers, of clients and of other servers: they hold bytes back, throw
// them away, or refuse connections.
import type { Message } from '../../../src/kernel/pending.ts';
import { messagesInFlight } from '../../../src/kernel/network/in-flight.ts';
import { NotModelled } from './adapter.ts';
import type { SimulatedRun } from './simulated-run.ts';

export interface Path {
  toServer: boolean;
  toClient: boolean;
  /** What is thrown away next, with its connection. */
  armed: 'request' | 'reply' | undefined;
  refuses: boolean;
}

export function freePath(): Path {
  return { toServer: false, toClient: false, armed: undefined, refuses: false };
}

/** A stalled message arrives in an hour, unless the path goes on. */
const stalled = 3_600_000_000;

export class Paths {
  private readonly byConnection = new Map<string, Path>();

  /** `pathFor` gives the path of a new connection to a server. */
  constructor(
    private readonly run: SimulatedRun,
    private readonly servers: readonly string[],
    private readonly pathFor: (opener: string, server: string, connection: string) => Path,
  ) {}

  of(connection: string): Path {
    let path = this.byConnection.get(connection);
    if (path === undefined) {
      const server = this.serverOf(connection);
      const opener = connection.slice(0, connection.lastIndexOf(`-${server}:`));
      path = this.pathFor(opener, server, connection);
      this.byConnection.set(connection, path);
    }
    return path;
  }

  /** The server that a connection was opened to. */
  private serverOf(connection: string): string {
    const ends = connection.slice(0, connection.lastIndexOf(':'));
    return this.servers.find((one) => ends.endsWith(`-${one}`))!;
  }

  /** Does to all that is in flight what its path does. */
  settle(): void {
    while (this.settleOne());
  }

  private settleOne(): boolean {
    const flying = messagesInFlight(this.run.world).filter(({ connection }) => connection !== '');
    flying.sort((a, b) => a.ordinal - b.ordinal);
    return flying.some((message) => this.handle(message));
  }

  private handle(message: Message): boolean {
    const { from, to, ordinal, copy, at, connection, isSignal, body } = message;
    const path = this.of(connection);
    const isRequest = to === this.serverOf(connection);
    if (path.refuses && isSignal && body.type === 'SYN') {
      this.run.take({ type: 'reset', nodes: [from, to] });
      return true;
    }
    if (!isSignal && path.armed === (isRequest ? 'request' : 'reply')) {
      path.armed = undefined;
      this.run.take({ type: 'drop', from, to, ordinal, copy });
      return true;
    }
    const isLate = at - this.run.nowMs * 1000 > stalled / 2;
    if ((isRequest ? path.toServer : path.toClient) === isLate) return false;
    // Messages of another connection on this link may wait behind stalled ones: they arrive now.
    if (isLate) this.run.take({ type: 'deliver', from, to, ordinal, copy });
    else this.run.take({ type: 'delay', from, to, ordinal, copy, by: stalled });
    return true;
  }
}

export function stall(path: Path, isStalled: boolean, which: string): void {
  if (!['both', 'to-server', 'to-client'].includes(which)) {
    throw new NotModelled(`Lockstep does not replay a stall of ${which}`);
  }
  if (which !== 'to-client') path.toServer = isStalled;
  if (which !== 'to-server') path.toClient = isStalled;
}
