// Replays transcripts of ZooKeeper: an ensemble of simulated servers, and the clients.
import type { Effects } from '../../../src/kernel/effects.ts';
import type { Json } from '../../../src/protocol/types.ts';
import { znodeAt } from '../../../src/protocols/zookeeper/tree.ts';
import type { ServerRequests } from '../../../src/protocols/zookeeper/wire.ts';
import {
  type Adapter, type Data, NotModelled, type Outcome, replaying, type Step, type Transcript,
} from './adapter.ts';
import { freePath, type Path, Paths, stall } from './paths.ts';
import { SimulatedRun } from './simulated-run.ts';
import { type Operation, replaySteps } from './steps.ts';
import { Ensemble, isServerName, nodesOf, serverNode } from './zookeeper-ensemble.ts';
import { JavaClients } from './zookeeper-java.ts';
import { commandOf, eventOf, resultOf } from './zookeeper-words.ts';
import { type RawPath, type RawState, transcriptProtocol } from './zookeeper-raw.ts';

export const zookeeper: Adapter = {
  replay: (transcript, seed) =>
    replaying(() => new ZooKeeperReplay(withNames(transcript), seed).outcomes()),
};

/** Servers are numbers in the files. */
function withNames(transcript: Transcript): Transcript {
  const steps = transcript.steps.map((step) =>
    step.actor === undefined ? step : { ...step, actor: String(step.actor) },
  );
  return { ...transcript, steps };
}

/** Recorded sequences began about this long after a tick of the server. */
const phase = 110_000;
const defaultTimeoutMs = 4_000;
const pauseBetweenTriesMs = 300;
const ended: Data = { connection: 'ended' };

type Args = NonNullable<Step['args']>;

class ZooKeeperReplay {
  private readonly run: SimulatedRun;
  private readonly paths: Paths;
  private readonly java: JavaClients;
  private readonly ensemble: Ensemble;
  /** What each raw client has sent, has seen, and has not yet reported. */
  private readonly xids = new Map<string, number>();
  private readonly reported = new Map<string, number>();

  constructor(
    private readonly transcript: Transcript,
    seed: number,
  ) {
    const { settings = {} } = transcript.server;
    const isJava = ({ action }: Step) => action.startsWith('java-');
    const javaActors = new Set(transcript.steps.filter(isJava).map(({ actor }) => actor!));
    const rawActors = new Set(
      transcript.steps.flatMap(({ actor = '' }) => {
        const name = actor.replaceAll("'", '');
        return name === '' || isServerName(name) || javaActors.has(name) ? [] : [name];
      }),
    );
    const servers = nodesOf(Number(settings.servers ?? 3));
    const options = {
      tickTime: Number(settings['tickTime ms'] ?? 500) * 1_000,
      initLimit: Number(settings.initLimit ?? 10),
      syncLimit: Number(settings.syncLimit ?? 4),
    };
    const clock = { offset: phase, drift: 0 };
    this.run = new SimulatedRun(
      {
        protocol: transcriptProtocol,
        seed,
        nodes: [
          ...servers.map((id) => ({ id, role: 'server', options, clock })),
          ...[...rawActors].map((id) => ({ id, role: 'raw' })),
          ...[...javaActors].map((id) => ({ id, role: 'java', options: optionsOf(transcript, id) })),
        ],
        network: { latency: [50, 200], loss: 0, duplicate: 0, reorder: false },
      },
      (effects) => this.note(effects),
    );
    this.java = new JavaClients((action) => this.take(action), this.run);
    this.ensemble = new Ensemble(this.run, (action) => this.take(action), servers.length);
    this.paths = new Paths(this.run, servers, (opener, server, connection) => {
      if (servers.includes(opener)) return this.ensemble.pathOf(opener, server, connection);
      return javaActors.has(opener) ? this.java.pathOf(opener, server) : freePath();
    });
    this.ensemble.begin(transcript.steps);
  }

  outcomes(): Outcome[] {
    const { run, paths } = this;
    const time = {
      get nowMs() {
        return run.nowMs;
      },
      advance(untilMs: number): boolean {
        const hasActed = run.advance(untilMs);
        if (hasActed) paths.settle();
        return hasActed;
      },
    };
    return replaySteps(this.transcript, time, (step) => this.begin(step));
  }

  private note(effects: Effects): void {
    const [violation] = effects.violations;
    if (violation !== undefined) throw new Error(`violated: ${JSON.stringify(violation)}`);
    this.java?.note(effects);
  }

  private take(action: Parameters<SimulatedRun['take']>[0]): void {
    this.run.take(action);
    this.paths.settle();
  }

  private begin(step: Step): Operation | undefined {
    const { actor = '', action, args = {} } = step;
    const ofServers = this.ensemble.step(step);
    if (ofServers !== undefined) {
      this.paths.settle();
      return ofServers;
    }
    const java = this.java.begin(step);
    if (java !== 'unknown') {
      this.paths.settle();
      return java;
    }
    return this.connecting(actor, action, args) ?? this.observing(actor, action, args) ??
      this.fault(actor, action, args) ?? this.command(actor, action, args);
  }

  // Sessions

  private connecting(actor: string, action: string, args: Args): Operation | undefined {
    switch (action) {
      case 'connect':
        return this.connect(actor, args, { session: '', password: '' });
      case 'reconnect':
        return this.reconnect(actor, args);
      case 'close-session':
        return this.command(actor, action, args);
      case 'wait-disconnected': {
        const path = this.pathOf(actor);
        return {
          limit: { ms: Number(args.within_ms ?? 10_000), result: { connection: 'open' } },
          poll: () => (this.pathAt(actor, path).hasEnded ? ended : undefined),
        };
      }
      default:
        return undefined;
    }
  }

  private connect(
    actor: string,
    args: Args,
    { session, password }: { session: string; password: string },
  ): Operation {
    const timeout = Number(args.timeout ?? defaultTimeoutMs) * 1_000;
    const lastZxid = session === '' ? 0 : this.lastZxid(actor);
    const request = { type: 'ConnectRequest', timeout, lastZxid, session, password };
    const server = serverNode(Number(args.to ?? 1));
    this.invoke(actor, 'open', { server, request: JSON.stringify(request) });
    const path = this.stateOf(actor).paths.length - 1;
    return {
      limit: { ms: Number(args.within_ms ?? 20_000), result: { connection: 'open' } },
      poll: () => {
        const { inbox, hasEnded } = this.pathAt(actor, path);
        const response = inbox.find(({ type }) => type === 'ConnectResponse');
        if (response?.type !== 'ConnectResponse') return hasEnded ? ended : undefined;
        if (response.timeout === 0) return { session: 'expired' };
        const whose = session === '' ? 'new' : 'same';
        return { session: whose, timeout: response.timeout / 1_000 };
      },
    };
  }

  /** While its connection is closed, it tries again, as often as the step says. */
  private reconnect(actor: string, args: Args): Operation {
    let tries = Number(args.tries ?? 1);
    let current = this.connect(actor, args, this.sessionOf(actor));
    let againMs: number | undefined;
    return {
      ...current,
      poll: () => {
        if (againMs !== undefined) {
          if (this.run.nowMs < againMs) return undefined;
          againMs = undefined;
          current = this.connect(actor, args, this.sessionOf(actor));
        }
        const result = current.poll();
        if (result !== ended || --tries <= 0) return result;
        againMs = this.run.nowMs + pauseBetweenTriesMs;
        return undefined;
      },
    };
  }

  private sessionOf(actor: string): { session: string; password: string } {
    for (const { inbox } of this.stateOf(actor).paths) {
      for (const message of inbox) {
        if (message.type === 'ConnectResponse' && message.timeout > 0) return message;
      }
    }
    return { session: '', password: '' };
  }

  private lastZxid(actor: string): number {
    const all = this.stateOf(actor).paths.flatMap(({ inbox }) => inbox);
    return Math.max(0, ...all.map((message) => (message.type === 'Reply' ? message.zxid : 0)));
  }

  // What is observed

  private observing(actor: string, action: string, args: Args): Operation | undefined {
    switch (action) {
      case 'events':
        return this.events(actor, Number(args.count ?? 1), Number(args.within_ms ?? 2_000));
      case 'wait-gone':
        return {
          limit: { ms: Number(args.within_ms ?? 30_000), result: { node: 'there' } },
          poll: () => {
            const state = this.ensemble.stateOf(this.serverOf(actor));
            return znodeAt(state, String(args.path)) === undefined ? { node: 'gone' } : undefined;
          },
        };
      default:
        return undefined;
    }
  }

  /** What came, once there are so many events, or after the time. */
  private events(actor: string, count: number, ms: number): Operation {
    const came = () => this.stateOf(actor).paths.flatMap(({ inbox }) => inbox.flatMap(eventOf));
    const take = (most: number): Data => {
      const before = this.reported.get(actor) ?? 0;
      const events = came().slice(before, before + most);
      this.reported.set(actor, before + events.length);
      return { events };
    };
    const poll = () => {
      const isEnough = count > 0 && came().length - (this.reported.get(actor) ?? 0) >= count;
      return isEnough ? take(count) : undefined;
    };
    return {
      limit: {
        ms,
        get result() {
          return take(Infinity);
        },
      },
      poll,
    };
  }

  // Requests

  private command(actor: string, action: string, args: Args): Operation {
    const name = actor.replaceAll("'", '');
    const path = this.pathOf(actor) - (action === 'old-write' ? 1 : 0);
    const command = commandOf(action, args, this.lastZxid(name));
    const xid = (this.xids.get(name) ?? 0) + 1;
    this.xids.set(name, xid);
    const request: ServerRequests['Request'] & { type: string } = { type: 'Request', xid, command };
    if (!this.pathAt(name, path).hasEnded) {
      this.invoke(name, 'send', { path, message: JSON.stringify(request) });
    }
    return {
      poll: () => {
        const { inbox, hasEnded } = this.pathAt(name, path);
        const reply = inbox.find((one) => one.type === 'Reply' && one.xid === xid);
        if (reply?.type === 'Reply') return resultOf(command, reply.response);
        return hasEnded ? ended : undefined;
      },
    };
  }

  private invoke(node: string, operation: string, args: Record<string, Json>): void {
    this.take({ type: 'invoke', node, operation, args });
  }

  private stateOf(actor: string): RawState {
    return this.run.world.node(actor)!.state as unknown as RawState;
  }

  /** The server that a client is connected to. */
  private serverOf(actor: string): string {
    const { connection } = this.pathAt(actor.replaceAll("'", ''), this.pathOf(actor));
    return /-(s\d+):\d+$/.exec(connection)![1];
  }

  /** A's newest path; `A'` is the one before. */
  private pathOf(actor: string): number {
    const name = actor.replaceAll("'", '');
    const index = this.stateOf(name).paths.length - 1 - (actor.length - name.length);
    if (index < 0) throw new Error(`${actor} has no connection`);
    return index;
  }

  private pathAt(actor: string, index: number): RawPath {
    return this.stateOf(actor).paths[index];
  }

  // Faults

  private fault(actor: string, action: string, args: Args): Operation | undefined {
    const over = { poll: () => null };
    const name = actor.replaceAll("'", '');
    const path = (): Path =>
      this.paths.of(this.pathAt(name, this.pathOf(actor)).connection);
    switch (action) {
      case 'stall':
      case 'resume':
        stall(path(), action === 'stall', String(args.which ?? 'both'));
        this.paths.settle();
        return over;
      case 'arm':
        path().armed = args.on === 'request' ? 'request' : 'reply';
        return over;
      case 'cut':
      case 'sever':
      case 'reset':
        if (args.side !== undefined && args.side !== 'both') {
          throw new NotModelled('Lockstep does not close one end of a connection and not the other');
        }
        stall(path(), false, 'both');
        this.take({ type: 'reset', nodes: [name, this.serverOf(actor)] });
        return over;
      case 'die':
        this.invoke(name, 'die', {});
        return over;
      case 'host':
        this.take({ type: args.state === 'lost' ? 'unplug' : 'plug-in', node: name });
        return over;
      case 'ping-every':
        this.invoke(name, 'pingEvery', { every: Number(args.ms) * 1_000 });
        return over;
      default:
        return undefined;
    }
  }
}

/** The Java client knows the servers that it is opened with. */
function optionsOf({ steps }: Transcript, actor: string) {
  const opening = steps.find((step) => step.actor === actor && step.action === 'java-open');
  const servers = (opening?.args?.servers ?? [1]) as readonly number[];
  return { servers: servers.map(serverNode) };
}
