/** A cluster under test: driven by commands, logged in one line a step, checked by its invariants. */
import { HistoryMonitor } from '../../src/check/history/recording.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import { violationSentence } from '../../src/check/verdict-words.ts';
import type { Action } from '../../src/kernel/action.ts';
import { formatTime, parseDuration } from '../../src/kernel/text/duration.ts';
import { type EventRecord, Effects } from '../../src/kernel/effects.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import { defaultNetwork, type NetworkSetup, type NodeSetup, type Setup } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Json, Protocol } from '../../src/protocol/types.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import type { KeyValueReplica } from '../../src/protocols/raft/key-value-store.ts';

type ReplicaState = KeyValueReplica['state'];

export interface ClusterOptions {
  protocol?: Protocol;
  replicas?: number;
  clients?: number;
  seed?: number;
  network?: Partial<NetworkSetup>;
  /** The options of all replicas, and of single replicas. */
  options?: Record<string, unknown>;
  nodeOptions?: Record<string, Record<string, unknown>>;
  clientOptions?: Record<string, unknown>;
}

export function setupOf(given: ClusterOptions = {}): Setup {
  const nodes: NodeSetup[] = [];
  for (let i = 1; i <= (given.replicas ?? 5); i++) {
    const options = { ...given.options, ...given.nodeOptions?.[`n${i}`] };
    nodes.push({ id: `n${i}`, role: 'replica', options });
  }
  for (let i = 1; i <= (given.clients ?? 1); i++) {
    nodes.push({ id: `c${i}`, role: 'client', options: { ...given.clientOptions } });
  }
  const network = { ...defaultNetwork, ...given.network };
  return { protocol: given.protocol ?? raft, seed: given.seed ?? 1, nodes, network };
}

export class Cluster {
  readonly world: World;
  readonly effects = new Effects();
  readonly violations: { monitor: string; why: string }[] = [];
  readonly lines: string[] = [];
  /** The stacks of handlers that threw, which is always a defect in these protocols. */
  readonly failures: string[] = [];

  /** `logs: false` omits the lines, for tests that make many runs and read few. */
  constructor(setup: Setup, private readonly logs = true) {
    const monitors = [new HistoryMonitor(), ...invariantMonitors(setup.protocol)];
    this.world = start(setup, monitors, this.effects);
  }

  take(action: Action | Pending): boolean {
    if (!step(this.world, action, this.effects)) return false;
    for (const violation of this.effects.violations) {
      this.violations.push({ monitor: violation.monitor, why: violationSentence(violation) });
    }
    if (this.effects.failure) this.failures.push(this.effects.failure.stack);
    if (this.logs) this.lines.push(line(this.world, action, this.effects));
    return true;
  }

  /** Takes an action, given as text, now; it must be possible. */
  do(text: string): void {
    const action = parseAction(text);
    if (!action) throw new Error(`not an action: ${text}`);
    if (!this.take({ ...action, at: this.world.time })) throw new Error(`not possible: ${text}`);
  }

  run(duration: string): void {
    const until = this.world.time + parseDuration(duration)!;
    for (let next = this.world.next(); next && next.at <= until; next = this.world.next()) {
      this.take(next);
    }
    this.world.time = until;
  }

  /** Runs until `done` returns true after a step; fails after a minute of virtual time. */
  until(done: (cluster: Cluster) => boolean): void {
    const limit = this.world.time + 60_000_000;
    for (let next = this.world.next(); next && next.at <= limit; next = this.world.next()) {
      this.take(next);
      if (done(this)) return;
    }
    throw new Error(`not reached in a minute:\n${this.lines.slice(-30).join('\n')}`);
  }

  /** Runs until an event is reported (by the given node, if any), and returns its fields. */
  untilEvent(name: string, node?: string): Readonly<Record<string, Json>> {
    let found: EventRecord | undefined;
    this.until(({ effects }) => {
      found = effects.events.find((one) => one.name === name && (!node || one.node === node));
      return found !== undefined;
    });
    return found!.fields;
  }

  untilReply(operation: string): Json {
    this.until(({ effects }) => effects.replies.some((one) => one.operation === operation));
    return this.effects.replies.find((one) => one.operation === operation)!.result;
  }

  /** The leader of the highest term that any server leads. */
  leader(): string | undefined {
    const leaders = this.servers().filter(({ up, state }) => up && state.standing === 'leader');
    leaders.sort((a, b) => b.state.currentTerm - a.state.currentTerm);
    return leaders[0]?.id;
  }

  servers(): { id: string; up: boolean; state: ReplicaState }[] {
    return this.world.nodes
      .filter(({ role }) => role === 'replica')
      .map(({ id, up, state }) => ({ id, up, state: state as unknown as ReplicaState }));
  }

  state(id: string): ReplicaState {
    return this.world.node(id)!.state as unknown as ReplicaState;
  }

  terms(id: string): number[] {
    return this.state(id).log.map(({ term }) => term);
  }
}

/** `0.012345s  deliver n1->n2#1  RequestVote term=1 …  ! VoteGranted term=1 candidateId=n1  > …` */
function line(world: World, action: Action | Pending, effects: Effects): string {
  const parts = [`${formatTime(world.time)}  ${actionText(action)}`];
  if (effects.message) parts.push(bodyText(effects.message.body));
  if (effects.lost) parts.push('LOST');
  for (const { name, fields } of effects.events) parts.push(`! ${name} ${fieldsText(fields)}`);
  for (const { operation, result } of effects.replies) {
    parts.push(`= ${operation} ${JSON.stringify(result)}`);
  }
  if (effects.sent.length > 0) parts.push(`> ${sentText(effects)}`);
  if (effects.failure) parts.push(`THROWN ${effects.failure.message}`);
  for (const violation of effects.violations) {
    parts.push(`VIOLATED ${violation.monitor}: ${violationSentence(violation)}`);
  }
  return parts.join('  ');
}

function bodyText({ type, ...fields }: { type: string } & Record<string, Json>): string {
  return `${type} ${fieldsText(fields)}`;
}

function fieldsText(fields: Readonly<Record<string, Json>>): string {
  return Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`).join(' ');
}

function valueText(value: Json): string {
  if (typeof value === 'string') return /^[\w.-]+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('op' in value) return Object.values(value).join(' ');
  if ('command' in value && 'term' in value) return `${valueText(value.command)} @${String(value.term)}`;
  return JSON.stringify(value);
}

/** The types of the messages sent, with their receivers. */
function sentText(effects: Effects): string {
  const byType = new Map<string, string[]>();
  for (const { body, to, lost } of effects.sent) {
    const receivers = byType.get(body.type) ?? [];
    receivers.push(lost ? `${to} (${lost})` : to);
    byType.set(body.type, receivers);
  }
  return [...byType].map(([type, receivers]) => `${type} to ${receivers.join(' ')}`).join(', ');
}
