// Replays transcripts of etcd on a simulated cluster of three members.
import type { Json } from '../../../src/protocol/types.ts';
import { failure } from '../../../src/protocols/etcd/api.ts';
import {
  type Adapter, type Data, NotModelled, type Outcome, replaying, type Step, type Transcript,
} from './adapter.ts';
import { type Args, calls, eventText, type Fields } from './etcd-calls.ts';
import { EtcdCluster, members } from './etcd-cluster.ts';

export const etcd: Adapter = {
  replay: (transcript, seed) => replaying(() => new Replayer(transcript, seed).run()),
};

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
        return void cluster.armPath(client, args.on as 'request' | 'reply');
      case 'stall':
        return void cluster.stallPath(client, (args.which as string | undefined) ?? 'both');
      case 'resume':
        return void cluster.resumePath(client);
      case 'sever':
      case 'cut':
        return void cluster.sever(client, this.endpoints.get(client)!);
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
