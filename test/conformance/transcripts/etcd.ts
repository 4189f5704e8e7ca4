// Replays transcripts of etcd on a simulated cluster of three members.
import type { Json } from '../../../src/protocol/types.ts';
import { failure, type Found, type WatchEvent } from '../../../src/protocols/etcd/api.ts';
import {
  type Adapter, type Data, NotModelled, type Outcome, replaying, type Step, type Transcript,
} from './adapter.ts';
import { EtcdCluster, type Given, members } from './etcd-cluster.ts';

export const etcd: Adapter = {
  replay: (transcript, seed) => replaying(() => new Replayer(transcript, seed).run()),
};

type Args = Readonly<Record<string, Data>>;

/** The fields of all answers; each answer has some of them. */
interface Fields {
  readonly revision: number;
  readonly succeeded: boolean;
  readonly responses: readonly (readonly Found[])[];
  readonly ttl: number;
  readonly granted: number;
  readonly remaining: number;
  readonly keys: readonly string[];
  readonly key: string;
  readonly createRevision: number;
}

/** An operation in progress: the client that waits for it, and how its result reads. */
interface Running {
  readonly client: string;
  readonly operation: string;
  readonly result: (answer: Fields) => Data;
  readonly startedAt: number;
}

const serverActions: Readonly<Record<string, 'crash' | 'restart' | 'pause' | 'resume'>> = {
  kill: 'crash', start: 'restart', stop: 'pause', cont: 'resume',
};

/** How long a step waits for its result if it does not say. */
const patience = 30_000;

class Replayer {
  private readonly cluster: EtcdCluster;
  private readonly running = new Map<string, Running>();
  private readonly marks = new Map<string, number>();
  private readonly endpoints = new Map<string, string>();
  private readonly outcomes: Outcome[] = [];

  constructor(private readonly transcript: Transcript, seed: number) {
    const clients = transcript.steps
      .map(({ actor }) => actor)
      .filter((actor) => actor !== undefined && actor !== null && !(actor in members));
    const preVote = transcript.server.settings?.['pre-vote'] === true;
    this.cluster = new EtcdCluster([...new Set(clients as string[])], preVote, seed);
  }

  run(): readonly Outcome[] {
    for (const step of this.transcript.steps) {
      // The recorder took a moment from step to step, in which followers apply what is committed.
      this.cluster.sleep(2);
      this.take(step);
    }
    return this.outcomes;
  }

  private take(step: Step): void {
    const startedAt = this.cluster.ms;
    if (step.as !== undefined) {
      this.running.set(step.as, this.begin(step));
      this.cluster.sleep(10);
      return;
    }
    const result = this.resultOf(step);
    const from = step.since === undefined ? this.startOf(step, startedAt) : this.marks.get(step.since)!;
    if (step.mark !== undefined) this.marks.set(step.mark, this.cluster.ms);
    if (result !== undefined) {
      this.outcomes.push({ step: step.n, result, ms: this.cluster.ms - from });
    }
  }

  /** `await` measures from the start of the operation. */
  private startOf({ action, args }: Step, startedAt: number): number {
    if (action !== 'await') return startedAt;
    return this.running.get(args!.op as string)?.startedAt ?? startedAt;
  }

  private resultOf(step: Step): Data | undefined {
    const { action, actor, args = {} } = step;
    if (actor !== undefined && actor in serverActions) return undefined;
    if (action in serverActions) return this.ofServer(action, members[actor!]);
    switch (action) {
      case 'sleep':
        return void this.cluster.sleep(args.ms as number);
      case 'await':
        return this.finish(this.running.get(args.op as string)!, args.within_ms as number);
      case 'still-waiting': {
        const { operation } = this.running.get(args.op as string)!;
        this.cluster.sleep(args.for_ms as number);
        return { waiting: this.cluster.answer(operation) === undefined };
      }
      case 'move-leader':
        return this.moveLeader(args.to as string);
      case 'heal':
        return void this.cluster.heal();
      case 'cut':
        if ('links' in args) return this.cutLinks(args.links as readonly (readonly string[])[]);
        break;
      case 'wait-leader':
        return this.waitLeader(args);
    }
    if (actor !== undefined && actor !== null && actor in members) {
      return this.ofMember(action, members[actor], args);
    }
    return this.ofClient(step, actor!, args);
  }

  // Members

  private ofServer(action: string, node: string): undefined {
    this.cluster.do({ type: serverActions[action], at: 0, node });
    return undefined;
  }

  private ofMember(action: string, node: string, args: Args): Data | undefined {
    const { cluster } = this;
    const others = Object.values(members).filter((id) => id !== node);
    switch (action) {
      case 'isolate': {
        const how = (args.how as string | undefined) ?? 'both';
        if (how !== 'cannot-hear') for (const other of others) cluster.cutLink(node, other);
        if (how !== 'cannot-speak') for (const other of others) cluster.cutLink(other, node);
        return undefined;
      }
      case 'wait-no-leader':
        cluster.until(() => cluster.member(node).leaderId === null, patience);
        return { 'sees-leader': nameOf(cluster.member(node).leaderId) };
      case 'leader-is':
        return { 'same-leader': cluster.member(node).leaderId === members[args.who as string] };
      case 'term-change': {
        const grown = cluster.termOf(node) > cluster.firstTerm;
        return { term: grown ? 'grown' : 'unchanged' };
      }
      case 'status': {
        const { leaderId } = cluster.member(node);
        const term = cluster.termOf(node) - cluster.firstTerm;
        return { 'sees-leader': nameOf(leaderId), 'term-since-start': term };
      }
    }
    throw notModelled(`the step ${action} at a member`);
  }

  private cutLinks(links: readonly (readonly string[])[]): undefined {
    for (const [from, to] of links) this.cluster.cutLink(members[from], members[to]);
  }

  private waitLeader(args: Args): Data {
    const { cluster } = this;
    const seers = (args.seen_by as readonly string[]).map((name) => members[name]);
    const not = members[args.not_ as string];
    const leader = () => {
      const seen = new Set(seers.map((id) => cluster.member(id).leaderId));
      const [one] = seen;
      if (seen.size !== 1 || one === null || one === not) return undefined;
      if (seers.some((id) => !cluster.isUp(id))) return undefined;
      return one;
    };
    cluster.until(() => leader() !== undefined, (args.within_ms as number | undefined) ?? patience);
    const found = leader();
    if (found === undefined) return { leader: null };
    return { leader: args.name_it === false ? 'one' : nameOf(found) };
  }

  private moveLeader(to: string): Data {
    const { cluster } = this;
    const leader = cluster.member('n1').leaderId ?? 'n1';
    cluster.invoke('recorder', 'connect', { member: leader });
    const operation = cluster.invoke('recorder', 'moveLeader', { to: members[to] });
    const result = () => ({ ok: true });
    const running = { client: 'recorder', operation, result, startedAt: cluster.ms };
    return this.finish(running) ?? null;
  }

  // Clients

  private ofClient(step: Step, client: string, args: Args): Data | undefined {
    const { cluster } = this;
    switch (step.action) {
      case 'connect': {
        const member = members[args.to as string];
        this.endpoints.set(client, member);
        cluster.path(client);
        this.finish(this.start(client, 'connect', { member }, () => null));
        return undefined;
      }
      case 'arm':
        cluster.path(client).armed = args.on as 'request' | 'reply';
        return undefined;
      case 'stall': {
        const which = (args.which as string | undefined) ?? 'both';
        const { stalled } = cluster.path(client);
        if (which !== 'to-client') stalled.toServer = true;
        if (which !== 'to-server') stalled.toClient = true;
        return undefined;
      }
      case 'resume':
        return void cluster.resumePath(client);
      case 'sever':
      case 'cut':
      case 'die':
      case 'reset':
        return void cluster.disconnect(client);
      case 'wait-key-gone': {
        const member = this.endpoints.get(client)!;
        const isGone = () => !(args.key as string in cluster.member(member).keys);
        cluster.until(isGone, patience);
        return { key: isGone() ? 'gone' : 'there' };
      }
      case 'events': {
        const count = args.count as number;
        const within = (args.within_ms as number | undefined) ?? 5_000;
        const isComplete = () => count > 0 && cluster.givenCount(client) >= count;
        const end = cluster.ms + within;
        if (!cluster.until(isComplete, within)) cluster.sleep(end - cluster.ms);
        return { events: cluster.takeGiven(client, count).map(eventText) };
      }
    }
    return this.finish(this.begin(step));
  }

  private begin({ action, actor, args = {} }: Step): Running {
    const call = Object.hasOwn(calls, action) ? calls[action] : undefined;
    if (call === undefined) throw notModelled(`the step ${action}`);
    const known = call.args.split(' ');
    for (const name of Object.keys(args)) {
      if (!known.includes(name)) throw notModelled(`the argument ${name} of ${action}`);
    }
    return this.start(actor!, call.operation, call.given(args), call.result);
  }

  private start(
    client: string, operation: string, args: Record<string, Json>, result: Running['result'],
  ): Running {
    const startedAt = this.cluster.ms;
    return { client, operation: this.cluster.invoke(client, operation, args), result, startedAt };
  }

  private finish({ operation, result }: Running, within = patience): Data | undefined {
    this.cluster.until(() => this.cluster.answer(operation) !== undefined, within);
    const answer = this.cluster.answer(operation);
    if (answer === undefined) return { waiting: true };
    const name = answer.name;
    if (!answer.ok) return errorData(answer.result as string, name);
    const given = answer.result as { error?: string } | string | null;
    if (typeof given === 'object' && given !== null && given.error !== undefined) {
      return errorData(given.error, name);
    }
    const data = result(given as unknown as Fields);
    return data === null ? undefined : data;
  }
}

function nameOf(member: string | null): string | null {
  return Object.keys(members).find((name) => members[name] === member) ?? null;
}

function notModelled(what: string): NotModelled {
  return new NotModelled(`Lockstep's etcd does not model ${what}`);
}

/** In the services Lock and Election the member is a client of its own, and its codes are lost. */
const recipes = ['lock', 'campaign', 'proclaim', 'resign', 'leader'];

function errorData(error: string, operation: string): Data {
  if (error === 'transport is closing') return { connection: 'ended' };
  if (error === 'connection refused') return { connection: 'refused' };
  const { code } = failure(error as Parameters<typeof failure>[0]);
  return { error, code: recipes.includes(operation) ? 2 : code };
}

// How steps are called, and how their answers are recorded

interface Call {
  readonly operation: string;
  /** The names of the arguments that it takes. */
  readonly args: string;
  given(args: Args): Record<string, Json>;
  result(answer: Fields): Data;
}

const hex = (id: Data) => (id as number).toString(16);
const revisionOf = ({ revision }: { revision: number }) => ({ revision });

function keyData({ key, value, createRevision, modRevision, version, lease }: Found): Data {
  return {
    key, value: value as Data, created: createRevision, modified: modRevision, version,
    ...(lease === '' ? {} : { lease: parseInt(lease, 16) }),
  };
}

function eventText(given: Given): Data {
  if ('compacted' in given) return { canceled: '', compact_revision: given.compacted };
  const { event } = given;
  if (event.type === 'put') return { type: 'PUT', ...(keyData(event) as Record<string, Data>) };
  const { key, modRevision }: WatchEvent = event;
  return { type: 'DELETE', key, value: '', modified: modRevision };
}

/** Which field of the key a `cas` compares. */
const compared = {
  created: 'createRevision', modified: 'modRevision', version: 'version', value: 'value',
} as const;

const calls: Readonly<Record<string, Call>> = {
  put: {
    operation: 'put',
    args: 'key value lease',
    given: ({ key, value, lease }) =>
      ({ key: key as Json, value: value as Json, ...(lease ? { lease: hex(lease) } : {}) }),
    result: revisionOf,
  },
  get: {
    operation: 'get',
    args: 'key prefix revision serializable',
    given: (args) => args as Record<string, Json>,
    result: ({ revision, responses }) => ({ revision, kvs: responses[0].map(keyData) }),
  },
  delete: {
    operation: 'delete',
    args: 'key prefix',
    given: (args) => args as Record<string, Json>,
    result: ({ revision, responses }) => ({ revision, deleted: responses[0].length }),
  },
  cas: {
    operation: 'cas',
    args: 'key then guard created modified version value',
    given({ key, then, guard = key, ...rest }) {
      const name = Object.keys(rest)[0] as keyof typeof compared;
      const [value, equals] = [then as Json, rest[name] as Json];
      return { key: key as Json, value, target: compared[name], equals, guard: guard as Json };
    },
    result: ({ revision, succeeded, responses }) =>
      ({ revision, succeeded, ...(succeeded ? {} : { found: responses[0].map(keyData) }) }),
  },
  compact: {
    operation: 'compact',
    args: 'revision',
    given: ({ revision }) => ({ revision: revision as Json }),
    result: revisionOf,
  },
  grant: {
    operation: 'grant',
    args: 'ttl id',
    given: ({ ttl, id }) => ({ ttl: ttl as Json, ...(id ? { lease: hex(id) } : {}) }),
    result: ({ revision, ttl }) => ({ revision, ttl }),
  },
  revoke: {
    operation: 'revoke', args: 'id', given: ({ id }) => ({ lease: hex(id) }), result: revisionOf,
  },
  keepalive: {
    operation: 'keepAlive',
    args: 'id',
    given: ({ id }) => ({ lease: hex(id) }),
    result: ({ ttl }) => ({ ttl }),
  },
  ttl: {
    operation: 'timeToLive',
    args: 'id',
    given: ({ id }) => ({ lease: hex(id) }),
    result: ({ granted, remaining, keys }) =>
      ({ granted, ttl: remaining < 0 ? 'expired or absent' : 'left', keys }),
  },
  lock: {
    operation: 'lock',
    args: 'name lease',
    given: ({ name, lease }) => ({ name: name as Json, lease: hex(lease) }),
    result: ({ revision, key }) => ({ revision, key }),
  },
  unlock: {
    operation: 'unlock',
    args: 'key',
    given: ({ key }) => ({ key: key as Json }),
    result: revisionOf,
  },
  campaign: {
    operation: 'campaign',
    args: 'name lease value',
    given: ({ name, lease, value }) =>
      ({ name: name as Json, lease: hex(lease), value: value as Json }),
    result: ({ revision, key, createRevision }) =>
      ({ revision, leader: { key, rev: createRevision } }),
  },
  proclaim: {
    operation: 'proclaim',
    args: 'name key rev lease value',
    given: ({ key, rev, lease, value }) => ({
      key: key as Json, createRevision: rev as Json, lease: hex(lease), value: value as Json,
    }),
    result: revisionOf,
  },
  resign: {
    operation: 'resign',
    args: 'name key rev lease',
    given: ({ key, rev }) => ({ key: key as Json, createRevision: rev as Json }),
    result: revisionOf,
  },
  elected: {
    operation: 'leader',
    args: 'name',
    given: ({ name }) => ({ name: name as Json }),
    result: ({ revision, responses }) => ({ revision, kv: responses[0].map(keyData) }),
  },
  watch: {
    operation: 'watch',
    args: 'key prefix from_revision',
    given: ({ key, prefix = false, from_revision: fromRevision = 0 }) =>
      ({ key: key as Json, prefix: prefix as Json, fromRevision: fromRevision as Json }),
    result: () => null,
  },
};
