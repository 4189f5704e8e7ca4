// The faults of PostgreSQL's transcripts: what happens to a client, to its host, and on its path.
import type { Effects } from '../../../src/kernel/effects.ts';
import type { Message } from '../../../src/kernel/pending.ts';
import type { Step } from './adapter.ts';
import type { Now, SimulatedRun } from './simulated-run.ts';
import type { Time } from './steps.ts';

type Direction = 'to-server' | 'to-client';

/** How long a message that a proxy holds is delayed before it is looked at again. */
const holdMs = 5;

export class Faults implements Time {
  /** The directions in which the proxy of a client holds everything: `A to-server`. */
  private readonly held = new Set<string>();
  /** Whether a proxy throws the next request or reply away, and closes both sides. */
  private readonly armed = new Map<string, 'request' | 'reply'>();
  /** Clients whose connection has ended, as they know, and that have not connected again. */
  private readonly ended = new Set<string>();
  /** The statements that a psql process sends next. */
  private readonly scripts = new Map<string, string[]>();
  /** The clients of psql that have an answer, and may send their next statement. */
  private readonly unread = new Set<string>();

  constructor(
    private readonly run: SimulatedRun,
    private readonly query: (client: string, sql: string) => void,
  ) {}

  get nowMs(): number {
    return this.run.nowMs;
  }

  hasEnded(client: string): boolean {
    return this.ended.has(client);
  }

  /** Whether a proxy has stopped the message of the last action, which has not arrived. */
  isIntercepting = false;

  note({ events, message }: Effects): void {
    for (const { node, name } of events) if (name === 'ConnectionEnded') this.ended.add(node);
    if (message?.from !== 'db' || this.isIntercepting) return;
    const { type } = message.body as unknown as { type: string };
    if (type === 'Result') this.unread.add(message.to);
    if (type === 'Refused') this.scripts.delete(message.to);
  }

  /** Whether psql has sent all of its statements. */
  hasSentAll(client: string): boolean {
    return (this.scripts.get(client) ?? []).length === 0;
  }

  /** Lets time pass; a proxy holds and throws away what it should. */
  advance(untilMs: number): boolean {
    for (const client of this.unread) {
      this.unread.delete(client);
      const next = this.scripts.get(client)?.shift();
      if (next !== undefined) this.query(client, next);
    }
    const next = this.run.world.next();
    if (next?.type === 'deliver' && next.at <= untilMs * 1000 && this.intercept(next)) return true;
    return this.run.advance(untilMs);
  }

  private intercept(message: Message): boolean {
    const { from, to, ordinal, copy } = message;
    const isRequest = to === 'db';
    const client = isRequest ? from : to;
    const name = { from, to, ordinal, copy };
    if (this.held.has(`${client} ${isRequest ? 'to-server' : 'to-client'}`)) {
      return this.stop({ type: 'delay', by: holdMs * 1000, ...name });
    }
    const { type } = message.body as unknown as { type: string };
    if (this.armed.get(client) !== (isRequest ? 'request' : 'reply')) return false;
    if (!['Query', 'Result', 'Refused'].includes(type)) return false;
    this.armed.delete(client);
    return this.stop({ type: 'drop', ...name });
  }

  private stop(action: Now): true {
    this.isIntercepting = true;
    this.run.take(action);
    this.isIntercepting = false;
    return true;
  }

  /** Connects a client again, as far as it is not connected. */
  connect(client: string): void {
    this.ended.delete(client);
    this.armed.delete(client);
    this.release(client, 'both');
    if (this.run.world.node(client)!.status === 'crashed') {
      this.run.take({ type: 'restart', node: client });
    }
  }

  /** Executes a step that is a fault; returns false if it is none. */
  begin({ actor = '', action, args = {} }: Step): boolean {
    switch (action) {
      case 'stall':
        this.hold(actor, args.which ?? 'both');
        return true;
      case 'resume':
        this.release(actor, args.which ?? 'both');
        return true;
      case 'arm':
        this.armed.set(actor, args.on === 'reply' ? 'reply' : 'request');
        return true;
      case 'cut':
        this.cut(actor, args.side ?? 'both');
        return true;
      case 'sever':
      case 'reset':
        this.cut(actor, 'both');
        return true;
      case 'die':
      case 'kill-process':
        this.run.take({ type: 'crash', node: actor });
        return true;
      case 'stop-process':
        this.run.take({ type: 'pause', node: actor });
        return true;
      case 'cont-process':
        this.run.take({ type: 'resume', node: actor });
        return true;
      case 'host':
        this.run.take({ type: args.state === 'lost' ? 'unplug' : 'plug-in', node: actor });
        return true;
      case 'terminate':
        this.run.take({ type: 'invoke', node: actor, operation: 'disconnect', args: {} });
        this.ended.add(actor);
        return true;
      default:
        return false;
    }
  }

  /** Starts psql with a script: it sends a statement when it has the answer to the one before. */
  psql(client: string, script: string): void {
    this.connect(client);
    const [first, ...rest] = script.split(';').map((one) => one.trim()).filter((one) => one !== '');
    this.scripts.set(client, rest);
    this.query(client, first);
  }

  private hold(client: string, which: unknown): void {
    for (const one of directions(which)) this.held.add(`${client} ${one}`);
  }

  private release(client: string, which: unknown): void {
    for (const one of directions(which)) this.held.delete(`${client} ${one}`);
  }

  /** Both sides are reset; the side that is not cut does not hear of it. */
  private cut(client: string, side: unknown): void {
    const hidden = side === 'server' ? 'to-client' : side === 'client' ? 'to-server' : undefined;
    if (hidden === undefined) this.release(client, 'both');
    else if (this.held.has(`${client} ${hidden === 'to-client' ? 'to-server' : 'to-client'}`)) {
      // The other side was cut before.
      this.release(client, 'both');
      return;
    } else this.hold(client, hidden);
    this.run.take({ type: 'reset', nodes: [client, 'db'] });
  }
}

function directions(which: unknown): readonly Direction[] {
  return which === 'to-server' || which === 'to-client' ? [which] : ['to-server', 'to-client'];
}
