// Replays transcripts of Redis: servers, and a node for each client and for the recorder itself.
import type { Effects } from '../../../src/kernel/effects.ts';
import type { Message } from '../../../src/kernel/pending.ts';
import { commandOf } from '../../../src/protocols/redis/command-line.ts';
import type { Session } from '../../../src/protocols/redis/data.ts';
import { redisProtocol } from '../../../src/protocols/redis/redis.ts';
import { errorOf, isList, isNotModelled, type Reply } from '../../../src/protocols/redis/reply.ts';
import type { RedisState } from '../../../src/protocols/redis/server-state.ts';
import { sha1 } from '../../../src/protocols/redis/sha1.ts';
import {
  type Adapter, type Data, NotModelled, type Outcome, replaying, type Step, type Transcript,
} from './adapter.ts';
import { SimulatedRun } from './simulated-run.ts';
import { type Operation, replaySteps } from './steps.ts';

export const redis: Adapter = {
  replay: (transcript, seed) => replaying(() => new RedisReplay(transcript, seed).outcomes()),
};

/** A command that was sent. */
interface Sent {
  readonly client: string;
  reply?: Reply;
  hasEnded: boolean;
}

/** The servers' clocks showed such a time when the transcripts were recorded. */
const clock = { offset: Date.UTC(2026, 0, 1) * 1000, drift: 0 };

const hourMs = 3_600_000;
const stalled = hourMs * 1000;

class RedisReplay {
  private readonly run: SimulatedRun;
  private readonly servers: readonly string[];
  /** By client, and then by the number of its request. */
  private readonly sent = new Map<string, Sent[]>();
  private readonly pushes = new Map<string, Reply[]>();
  private readonly server = new Map<string, string>();

  constructor(
    private readonly transcript: Transcript,
    seed: number,
  ) {
    const { settings = {} } = transcript.server;
    this.servers = serverNames(Number(settings.nodes ?? 1));
    const [first, ...others] = this.servers;
    const persistence = settings.appendonly === 'yes' ? 'always' : 'none';
    // The recorded servers were started with enable-debug-command.
    const options = { persistence, enableDebugCommand: true };
    const clients = new Set(
      transcript.steps.flatMap(({ actor }) =>
        actor === undefined || this.servers.includes(actor) ? [] : [actor],
      ),
    );
    for (const one of clients) this.server.set(one, first);
    for (const one of this.servers) this.server.set(recorderOf(one), one);
    this.run = new SimulatedRun(
      {
        protocol: redisProtocol,
        seed,
        nodes: [
          { id: first, role: 'redis', options, clock },
          ...others.map((id) => ({ id, role: 'replica', options, clock })),
          ...[...this.server].map(([id, server]) => ({ id, role: 'client', options: { server } })),
        ],
        network: { latency: [50, 200], loss: 0, duplicate: 0, reorder: false },
      },
      (effects, action) => this.note(effects, action?.type === 'deliver'),
    );
    // The recorder waited until its servers were up, and their replicas in step.
    while (this.run.advance(300));
  }

  outcomes(): Outcome[] {
    const { run } = this;
    const time = {
      get nowMs() {
        return run.nowMs;
      },
      advance: (untilMs: number) => this.advance(untilMs),
    };
    return replaySteps(this.transcript, time, (step) => this.begin(step));
  }

  private begin(step: Step): Operation | undefined {
    const { actor = '', action, args = {} } = step;
    switch (action) {
      case 'connect':
        return this.connect(actor, typeof args.to === 'string' ? args.to : this.servers[0]);
      case 'cmd':
        return this.command(actor, args.cmd as readonly string[]);
      case 'on':
        return this.command(recorderOf(actor), args.cmd as readonly string[]);
      case 'pttl':
        return this.timeToLive(actor, String(args.key));
      case 'role':
        return this.roleOf(actor);
      case 'read-push':
        return this.nextPush(actor, Number(args.within_ms ?? 1_000));
      case 'wait-blocked':
        return this.until({ blocked: true }, { blocked: false }, () => {
          return this.sessionOf(actor)?.blocked !== null && this.sessionOf(actor) !== undefined;
        });
      case 'wait-gone':
        return this.until({ client: 'gone' }, { client: 'there' }, () => {
          return this.sessionOf(actor) === undefined;
        });
      case 'wait-offset':
        return this.until({ 'caught-up': true }, { 'caught-up': false }, () => {
          return this.stateOf(actor).offset === this.stateOf(this.servers[0]).offset;
        });
      default:
        return this.fault(step);
    }
  }

  // Commands

  private connect(client: string, server: string): Operation | undefined {
    this.restartDead(client);
    this.server.set(client, server);
    this.invoke(client, 'connect', { server });
    // A connection that is refused is none; the steps that follow show it.
    const isOpen = () => this.opened.has(`${client} ${this.connectionOf(client)}`);
    return { poll: () => (isOpen() ? {} : undefined), limit: { ms: 100, result: {} } };
  }

  private command(client: string, words: readonly string[]): Operation {
    // The recorder's clients did not reconnect by themselves.
    if (this.connectionOf(client) === '') return { poll: () => connectionEnded };
    // The proxies were between replicas and their primary: who follows another leaves them.
    if (/^replicaof$/i.test(words[0]) && !/^no$/i.test(words[1])) {
      for (const one of this.servers.slice(1)) this.stall(one, 0, 'both');
    }
    // A port follows the address of its host. Here, a host is a node.
    const known = words.filter((_word, i) => !words[i + 1]?.startsWith('$port:'));
    const sent = this.send(client, known.flatMap((word) => this.substituted(word)));
    return { poll: () => resultOf(sent) };
  }

  private send(client: string, words: readonly string[]): Sent {
    const sent: Sent = { client, hasEnded: false };
    const all = this.sent.get(client) ?? [];
    all.push(sent);
    this.sent.set(client, all);
    this.invoke(client, 'redis', { command: commandOf(words) });
    return sent;
  }

  private invoke(node: string, operation: string, args: Record<string, string>): void {
    this.run.take({ type: 'invoke', node, operation, args });
  }

  /** `$id:A`, `$sha:TEXT` and `$port:X`. */
  private substituted(word: string): string | string[] {
    const id = /^\$id:(.*)$/.exec(word)?.[1];
    if (id !== undefined) return String(this.sessionOf(id)?.id ?? 0);
    const script = /^\$sha:([\s\S]*)$/.exec(word)?.[1];
    if (script !== undefined) return sha1(script);
    const host = /^\$port:(.*)$/.exec(word)?.[1];
    return host === undefined ? word : [host, '6379'];
  }

  private timeToLive(client: string, key: string): Operation {
    const sent = this.send(client, ['PTTL', key]);
    return {
      poll() {
        if (typeof sent.reply !== 'number') return resultOf(sent);
        return { pttl: sent.reply < 0 ? sent.reply : `about ${sent.reply}` };
      },
    };
  }

  private roleOf(server: string): Operation {
    const sent = this.send(recorderOf(server), ['ROLE']);
    return {
      poll() {
        const { reply } = sent;
        if (!isList(reply) || reply === null || reply === undefined) return resultOf(sent);
        const [role, , third, link] = reply;
        if (role === 'master') return { role, replicas: isList(third) ? third!.length : 0 };
        return { role: String(role), link: String(link) };
      },
    };
  }

  private nextPush(client: string, ms: number): Operation {
    const pushes = this.pushes.get(client) ?? [];
    this.pushes.set(client, pushes);
    return {
      limit: { ms, result: { push: null } },
      poll: () => (pushes.length > 0 ? { push: dataOf(pushes.shift()!) } : undefined),
    };
  }

  private until(met: Data, unmet: Data, isMet: () => boolean): Operation {
    return { limit: { ms: 5_000, result: unmet }, poll: () => (isMet() ? met : undefined) };
  }

  // What the nodes know

  /** Connections that have been opened, each after the node at which it was. */
  private readonly opened = new Set<string>();

  /** A client's connection; empty if it has none. */
  private connectionOf(client: string): string {
    return (this.run.world.node(client)!.state as { connection: string }).connection;
  }

  private stateOf(server: string): RedisState {
    return this.run.world.node(server)!.state as unknown as RedisState;
  }

  private sessionOf(client: string): Session | undefined {
    const server = this.server.get(client) ?? this.servers[0];
    return this.stateOf(server).sessions.findLast((one) => one.client === client);
  }

  /** Notes replies and messages as they arrive. */
  private note(effects: Effects, isArrival: boolean): void {
    if (isArrival) this.noteArrival(effects);
    for (const { name, node, fields } of effects.events) {
      if (name === 'ConnectionOpened') this.opened.add(`${node} ${String(fields.connection)}`);
      if (name === 'ConnectionEnded') this.endPending(node);
    }
    this.strike(effects);
  }

  private noteArrival({ message }: Effects): void {
    if (message === null) return;
    const { type, reply, request } = message.body as { type: string; reply: Reply; request: number };
    if (type === 'Push') {
      const pushes = this.pushes.get(message.to) ?? [];
      pushes.push(reply);
      this.pushes.set(message.to, pushes);
    } else if (type === 'Reply') {
      const sent = this.sent.get(message.to)?.[request - 1];
      if (sent !== undefined) sent.reply = reply;
    }
  }

  // Faults

  private fault({ actor = '', action, args = {} }: Step): undefined {
    const take = (type: 'crash' | 'restart' | 'pause' | 'resume') => {
      this.run.take({ type, node: actor });
      return undefined;
    };
    switch (action) {
      case 'stall':
        return this.stall(actor, stalled, String(args.which ?? 'both'));
      case 'resume':
        return this.stall(actor, 0, String(args.which ?? 'both'));
      case 'kill-server':
        return take('crash');
      case 'start-server':
        return take('restart');
      case 'stop-server':
        return take('pause');
      case 'cont-server':
        return take('resume');
      case 'die':
        return take('crash');
      case 'cut':
        return this.cut(actor);
      case 'arm':
        this.armed = { client: actor, on: String(args.on) };
        return undefined;
      default:
        throw new NotModelled(`Lockstep does not replay the step ${action} of Redis`);
    }
  }

  /** A client whose process has died comes back as a new one. */
  private restartDead(client: string): void {
    if (this.run.world.node(client)!.up) return;
    this.run.take({ type: 'restart', node: client });
  }

  private cut(client: string): undefined {
    this.run.take({ type: 'reset', nodes: [client, this.pathOf(client)[1]] });
    this.endPending(client);
  }

  /** The fault that awaits the next message of a client: it is lost, and both ends are closed. */
  private armed: { readonly client: string; readonly on: string } | undefined;

  private strike({ sent }: Effects): void {
    const { armed } = this;
    if (armed === undefined) return;
    const isRequest = armed.on === 'request';
    const end = (one: Message) => (isRequest ? one.from : one.to);
    const types = isRequest ? ['Command'] : ['Reply', 'Push'];
    const hit = sent.find((one) => end(one) === armed.client && types.includes(one.body.type));
    if (hit === undefined) return;
    this.armed = undefined;
    const { from, to, ordinal, copy } = hit;
    this.run.take({ type: 'drop', from, to, ordinal, copy });
    this.endPending(armed.client);
  }

  private endPending(client: string): void {
    for (const one of this.sent.get(client) ?? []) if (one.reply === undefined) one.hasEnded = true;
  }

  /** A client's path to its server, or a replica's to its primary. */
  private pathOf(actor: string): readonly [end: string, server: string] {
    return [actor, this.server.get(actor) ?? this.servers[0]];
  }

  private stall(actor: string, delay: number, which: string): undefined {
    const [end, server] = this.pathOf(actor);
    if (which !== 'to-client') this.slow(end, server, delay);
    if (which !== 'to-server') this.slow(server, end, delay);
  }

  private slow(from: string, to: string, delay: number): void {
    this.run.take({ type: 'network', rule: { from: [from], to: [to], delay } });
    if (delay > 0) this.stalledLinks.add(`${from} ${to}`);
    else this.stalledLinks.delete(`${from} ${to}`);
  }

  private readonly stalledLinks = new Set<string>();

  /**
   * What waited in a path that is open again arrives at once, in its order, and so does what was
   * sent behind it: a link of the kernel delivers nothing before what was sent earlier.
   */
  private advance(untilMs: number): boolean {
    const late = (this.run.nowMs + hourMs / 2) * 1000;
    const [next] = this.run.world.messages
      .filter(({ from, to, at }) => at > late && !this.stalledLinks.has(`${from} ${to}`))
      .sort((a, b) => a.sentAt - b.sentAt || a.ordinal - b.ordinal);
    if (next === undefined) return this.run.advance(untilMs);
    const { from, to, ordinal, copy } = next;
    this.run.take({ type: 'deliver', from, to, ordinal, copy });
    return true;
  }
}

const connectionEnded: Data = { reply: { connection: 'ended' } };

function serverNames(count: number): string[] {
  if (count === 1) return ['redis'];
  if (count === 2) return ['primary', 'replica'];
  return ['primary', ...Array.from({ length: count - 1 }, (_, i) => `replica${i + 1}`)];
}

/** The recorder's own connection to a server. */
const recorderOf = (server: string): string => `recorder-${server}`;

function resultOf({ reply, hasEnded }: Sent): Data | undefined {
  if (reply !== undefined) return { reply: dataOf(reply) };
  return hasEnded ? connectionEnded : undefined;
}

/** A reply as transcripts write it: a status is a string, an error `{ error }`. */
function dataOf(reply: Reply): Data {
  const error = errorOf(reply);
  if (error !== undefined) {
    if (isNotModelled(error)) throw new NotModelled(error);
    return { error };
  }
  if (reply === null || typeof reply !== 'object') return reply;
  if (isList(reply)) return reply.map(dataOf);
  return 'integer' in reply ? reply.integer : (reply as { ok: string }).ok;
}
