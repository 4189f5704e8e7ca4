// The servers of ZooKeeper's transcripts: how they start and fail, who leads, and their paths.
import type { ServerState } from '../../../src/protocols/zookeeper/server-state.ts';
import { counterOf, epochOf } from '../../../src/protocols/zookeeper/zab/packets.ts';
import { type Data, NotModelled, type Step } from './adapter.ts';
import { freePath, type Path, stall } from './paths.ts';
import type { SimulatedRun } from './simulated-run.ts';
import type { Operation } from './steps.ts';

/** Servers are named by their numbers. */
export function isServerName(actor: string): boolean {
  return /^\d+$/.test(actor);
}

export function serverNode(number: number | string): string {
  return `s${number}`;
}

/** The recorder asks the servers for their modes one after the other, so it sees them this long. */
const stableMs = 50;
/** An ensemble that is up already was started this long ago: a whole number of ticks. */
const upSinceMs = 4_000;

type Args = NonNullable<Step['args']>;

export class Ensemble {
  readonly nodes: readonly string[];
  /** Between a follower and its leader: `s1 s2`. */
  private readonly links = new Map<string, Path>();

  constructor(
    private readonly run: SimulatedRun,
    private readonly take: SimulatedRun['take'],
    count: number,
  ) {
    this.nodes = nodesOf(count);
  }

  /** Before the first step, no server runs, unless one that is alone does. */
  begin(steps: readonly Step[]): void {
    const isStarted = ({ actor, action }: Step) => {
      return isServerName(actor ?? '') || action === 'ensemble' || action === 'start-all';
    };
    if (this.nodes.length > 1 && steps.some(isStarted)) {
      for (const node of this.nodes) this.take({ type: 'crash', node });
    }
  }

  /** The path of a connection between servers: those for elections are not stalled. */
  pathOf(opener: string, server: string, connection: string): Path {
    return this.stateOf(opener).following?.connection === connection
      ? this.link(opener, server)
      : freePath();
  }

  step({ actor = '', action, args = {} }: Step): Operation | undefined {
    const over = { poll: () => null };
    switch (action) {
      case 'ensemble':
        return this.startAll(args);
      case 'start':
      case 'start-and-wait-up':
        this.take({ type: 'restart', node: serverNode(actor) });
        return over;
      case 'kill':
        this.take({ type: 'crash', node: serverNode(actor) });
        return over;
      case 'stop':
        this.take({ type: 'pause', node: serverNode(actor) });
        return over;
      case 'cont':
        this.take({ type: 'resume', node: serverNode(actor) });
        return over;
      case 'link':
        this.changeLink(args);
        return over;
      default:
        return isServerName(actor) || args.among !== undefined || action === 'modes'
          ? this.look(actor, action, args)
          : undefined;
    }
  }

  private startAll(args: Args): Operation {
    const order = args['started in the order'] as readonly number[];
    const [first, second, ...others] = order.map(serverNode);
    const startedMs = this.run.nowMs;
    if (this.run.world.node(first)!.up) return { poll: () => ({ leader: args.leader }) };
    for (const node of [first, second]) this.take({ type: 'restart', node });
    while (this.run.advance(startedMs + upSinceMs / 2));
    for (const node of others) this.take({ type: 'restart', node });
    while (this.run.advance(startedMs + upSinceMs));
    return { poll: () => this.leaderAmong(this.nodes, ({ leader }) => ({ leader })) };
  }

  private look(actor: string, action: string, args: Args): Operation {
    switch (action) {
      case 'wait-leader': {
        const among = (args.among as readonly number[]).map(serverNode);
        let sinceMs: number | undefined;
        return {
          limit: { ms: Number(args.within_ms ?? 60_000), result: { leader: null } },
          poll: () => {
            const found = this.leaderAmong(among, (one) => one);
            if (found === undefined) sinceMs = undefined;
            sinceMs ??= found === undefined ? undefined : this.run.nowMs;
            return sinceMs !== undefined && this.run.nowMs - sinceMs >= stableMs ? found : undefined;
          },
        };
      }
      case 'wait-mode': {
        const limit = { ms: Number(args.within_ms ?? 60_000), result: { mode: 'other' } };
        const mode = String(args.mode);
        return { limit, poll: () => (this.modeOf(serverNode(actor)) === mode ? { mode } : undefined) };
      }
      case 'modes': {
        const servers = (args.servers ?? this.nodes.map((one) => one.slice(1))) as readonly number[];
        const modes = servers.map((one) => [one, this.modeOf(serverNode(one))] as const);
        return { poll: () => ({ modes: Object.fromEntries(modes) }) };
      }
      case 'zxid': {
        const { zxid } = this.stateOf(serverNode(actor));
        return { poll: () => ({ epoch: epochOf(zxid), counter: counterOf(zxid) }) };
      }
      case 'epoch-file': {
        const { currentEpoch } = this.stateOf(serverNode(actor));
        return { poll: () => ({ currentEpoch }) };
      }
      default:
        throw new NotModelled(`Lockstep does not replay the step ${action} of a ZooKeeper server`);
    }
  }

  private leaderAmong(
    among: readonly string[],
    of: (found: { leader: number; epoch: number }) => Data,
  ): Data | undefined {
    const leader = among.find((one) => this.modeOf(one) === 'leader');
    if (leader === undefined) return undefined;
    for (const one of among) {
      if (one === leader) continue;
      if (this.modeOf(one) !== 'follower') return undefined;
      if (this.stateOf(one).following?.leader !== leader) return undefined;
    }
    return of({ leader: Number(leader.slice(1)), epoch: epochOf(this.stateOf(leader).zxid) });
  }

  private modeOf(server: string): string {
    const node = this.run.world.node(server)!;
    const { zabState, peerState } = this.stateOf(server);
    if (!node.up || zabState !== 'BROADCAST') return 'not serving';
    return peerState === 'LEADING' ? 'leader' : 'follower';
  }

  private changeLink({ follower, leader, state, which = 'both' }: Args): void {
    const ends = [serverNode(Number(follower)), serverNode(Number(leader))] as const;
    const path = this.link(...ends);
    switch (state) {
      case 'stall':
      case 'resume':
        stall(path, state === 'stall', String(which));
        return;
      case 'cut':
        path.refuses = true;
        stall(path, false, 'both');
        this.take({ type: 'reset', nodes: [...ends] });
        return;
      case 'heal':
        path.refuses = false;
        stall(path, false, 'both');
        return;
      default:
        throw new NotModelled(`Lockstep does not replay ${state} of a path between servers`);
    }
  }

  private link(follower: string, leader: string): Path {
    const name = `${follower} ${leader}`;
    let path = this.links.get(name);
    if (path === undefined) {
      path = freePath();
      this.links.set(name, path);
    }
    return path;
  }

  stateOf(server: string): ServerState {
    return this.run.world.node(server)!.state as unknown as ServerState;
  }
}

export function nodesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => serverNode(i + 1));
}
