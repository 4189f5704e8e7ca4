// The steps of the official Java client, performed by Lockstep's client of ZooKeeper.
import type { Effects } from '../../../src/kernel/effects.ts';
import type { Json } from '../../../src/protocol/types.ts';
import type { ClientState } from '../../../src/protocols/zookeeper/client.ts';
import { type Data, NotModelled, type Step } from './adapter.ts';
import { freePath, type Path, stall } from './paths.ts';
import type { SimulatedRun } from './simulated-run.ts';
import type { Operation } from './steps.ts';
import { serverNode } from './zookeeper-ensemble.ts';

interface Java {
  /** Its path to each server. */
  paths: Map<string, Path>;
  invoked: number;
  answers: Map<string, { ok: boolean; result: Json }>;
  events: Data[];
}

const modes: Readonly<Record<string, string>> = {
  PERSISTENT: 'persistent',
  EPHEMERAL: 'ephemeral',
  PERSISTENT_SEQUENTIAL: 'sequential',
  EPHEMERAL_SEQUENTIAL: 'ephemeral sequential',
  CONTAINER: 'container',
};

const states = { connected: 'CONNECTED', connecting: 'CONNECTING', closed: 'CLOSED' };

export class JavaClients {
  private readonly clients = new Map<string, Java>();

  constructor(
    private readonly take: SimulatedRun['take'],
    private readonly run: SimulatedRun,
  ) {}

  note({ events, replies }: Effects): void {
    for (const { node, name, fields } of events) {
      if (/^(SyncConnected|Disconnected|Expired)$/.test(name)) {
        this.clients.get(node)?.events.push(name);
      } else if (name === 'WatchTriggered') {
        const { type, path } = fields as { type: string; path: string };
        this.clients.get(node)?.events.push([type, path]);
      }
    }
    for (const { operation, ok, result } of replies) {
      const name = operation.slice(0, operation.lastIndexOf('#'));
      this.clients.get(name)?.answers.set(operation, { ok, result });
    }
  }

  /** Its path to a server. */
  pathOf(name: string, server: string): Path {
    return this.pathTo(this.clientOf(name), server);
  }

  /** `unknown` if it is not a step of a Java client. */
  begin({ actor = '', action, args = {} }: Step): Operation | undefined | 'unknown' {
    switch (action) {
      case 'java-open': {
        const java = this.clientOf(actor);
        for (const one of (args.refused ?? []) as readonly number[]) {
          this.pathTo(java, serverNode(one)).refuses = true;
        }
        const connected = this.call(actor, 'connect', { timeout: Number(args.timeout) * 1_000 });
        return {
          poll: () => {
            if (connected.poll() === undefined) return undefined;
            java.events.length = 0;
            return this.stateOf(actor);
          },
        };
      }
      case 'java-state':
        return { poll: () => this.stateOf(actor) };
      case 'java-events':
        return this.events(actor, String(args.until), Number(args.within_ms ?? 8_000));
      case 'path':
        this.changePath(actor, args);
        return undefined;
      case 'pause-client':
        this.take({ type: 'pause', node: actor });
        return undefined;
      case 'continue-client':
        this.take({ type: 'resume', node: actor });
        return undefined;
      default:
        return action.startsWith('java-') ? this.request(actor, action, args) : 'unknown';
    }
  }

  private request(actor: string, action: string, args: NonNullable<Step['args']>): Operation {
    const path = String(args.path ?? '/');
    const watch = args.watch === true || args.watch === 'true';
    const data = String(args.data ?? '');
    const version = Number(args.version ?? -1);
    switch (action) {
      case 'java-create': {
        const kind = modes[String(args.mode ?? 'PERSISTENT')];
        if (kind === undefined) {
          throw new NotModelled(`Lockstep's ZooKeeper does not model znodes of the mode ${args.mode}`);
        }
        return this.call(actor, 'create', { path, data, kind });
      }
      case 'java-get':
        return this.call(actor, 'get', { path, watch });
      case 'java-set':
        return this.call(actor, 'set', { path, data, version }, () => 'ok');
      case 'java-delete':
        return this.call(actor, 'delete', { path, version }, () => 'ok');
      case 'java-exists':
        return this.call(actor, 'exists', { path, watch }, (is) => (is === true ? 'there' : 'absent'));
      case 'java-children':
        return this.call(actor, 'children', { path, watch });
      case 'java-sync':
        return this.call(actor, 'sync', {}, () => 'ok');
      case 'java-close':
        return this.call(actor, 'close', {}, () => 'ok');
      default:
        throw new NotModelled(`Lockstep does not replay the step ${action} of ZooKeeper`);
    }
  }

  private call(
    actor: string,
    operation: string,
    args: Record<string, Json>,
    words: (result: Json) => Data = (result) => result as Data,
  ): Operation {
    const java = this.clientOf(actor);
    const id = `${actor}#${++java.invoked}`;
    this.take({ type: 'invoke', node: actor, operation, args });
    return {
      poll: (): Data | undefined => {
        const answer = java.answers.get(id);
        if (answer === undefined) return undefined;
        return answer.ok ? { answer: words(answer.result) } : { error: answer.result as Data };
      },
    };
  }

  private stateOf(actor: string): Data {
    const { status } = this.run.world.node(actor)!.state as unknown as ClientState;
    return { state: states[status] };
  }

  /** The events up to the one that is waited for. */
  private events(actor: string, until: string, ms: number): Operation {
    const { events } = this.clientOf(actor);
    const isIt = (event: Data) => event === until || (Array.isArray(event) && event[0] === until);
    return {
      limit: {
        ms,
        get result(): Data {
          return { events: events.splice(0) };
        },
      },
      poll: () => {
        const at = events.findIndex(isIt);
        return at < 0 ? undefined : { events: events.splice(0, at + 1) };
      },
    };
  }

  private changePath(actor: string, args: NonNullable<Step['args']>): void {
    const java = this.clientOf(actor);
    const server = serverNode(Number(args.server));
    const path = this.pathTo(java, server);
    switch (args.do) {
      case 'refuse':
      case 'accept':
        path.refuses = args.do === 'refuse';
        return;
      case 'stall':
      case 'resume':
        stall(path, args.do === 'stall', String(args.which ?? 'both'));
        return;
      case 'arm':
        path.armed = args.on === 'request' ? 'request' : 'reply';
        return;
      case 'cut':
        stall(path, false, 'both');
        this.take({ type: 'reset', nodes: [actor, server] });
        return;
      default:
        throw new NotModelled(`Lockstep does not replay ${args.do} of a path of ZooKeeper`);
    }
  }

  private clientOf(name: string): Java {
    let java = this.clients.get(name);
    if (java === undefined) {
      java = { paths: new Map(), invoked: 0, answers: new Map(), events: [] };
      this.clients.set(name, java);
    }
    return java;
  }

  private pathTo(java: Java, server: string): Path {
    let path = java.paths.get(server);
    if (path === undefined) {
      path = freePath();
      java.paths.set(server, path);
    }
    return path;
  }
}
