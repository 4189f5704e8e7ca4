/**
 * Happened-before by its definition: all events of a run, and which of them can be reached from
 * which along the order at each node and along messages. It knows nothing of clocks and causes.
 */
import type { Action } from '../../../src/kernel/action.ts';
import type { Effects } from '../../../src/kernel/effects.ts';
import type { Message, Pending } from '../../../src/kernel/pending.ts';
import type { Causality, Occurrence } from '../../../src/kernel/seam/causality.ts';
import type { World } from '../../../src/kernel/world.ts';

interface Vertex {
  readonly node: number;
  readonly step: number;
  readonly lamport: number;
  /** This event and all that happened before it, a bit for each. */
  readonly past: bigint;
}

export class CausalGraph {
  readonly vertices: Vertex[] = [];
  private readonly last = new Map<number, Vertex>();
  /** By link and ordinal, which all copies of a message share; undefined if no node sent it. */
  private readonly senders = new Map<string, Vertex | undefined>();

  constructor(world: World, booted: Effects) {
    for (const { index, started } of world.nodes) if (started) this.add(index, 0, []);
    this.noteSent(booted);
  }

  note(world: World, action: Action | Pending, effects: Effects): void {
    const { acted, message } = effects;
    if (acted >= 0) {
      const isReceipt = message !== null && action.type === 'deliver' && message.toIndex === acted;
      const sender = isReceipt ? this.senders.get(nameOf(message)) : undefined;
      this.add(acted, world.step, [this.last.get(acted), sender]);
    }
    this.noteSent(effects);
  }

  private noteSent({ sent }: Effects): void {
    for (const message of sent) {
      if (this.senders.has(nameOf(message))) continue;
      const isOfNode = message.body.by !== 'network';
      const sender = isOfNode ? this.last.get(message.fromIndex) : undefined;
      this.senders.set(nameOf(message), sender);
    }
  }

  private add(node: number, step: number, causes: (Vertex | undefined)[]): void {
    const own = 1n << BigInt(this.vertices.length);
    const past = causes.reduce((all, cause) => all | (cause?.past ?? 0n), own);
    const lamport = 1 + Math.max(0, ...causes.map((cause) => cause?.lamport ?? 0));
    const vertex = { node, step, lamport, past };
    this.vertices.push(vertex);
    this.last.set(node, vertex);
  }

  /** Whether one event can be reached from another, by their places among the vertices. */
  isBefore(one: number, other: number): boolean {
    return one !== other && ((this.vertices[other].past >> BigInt(one)) & 1n) === 1n;
  }
}

function nameOf({ from, to, ordinal }: Message): string {
  return `${from}->${to}#${ordinal}`;
}

/** The first way in which clocks differ from the graph; undefined if they are right. */
export function firstDifference(graph: CausalGraph, clocks: Causality): string | undefined {
  const { vertices } = graph;
  const events: Occurrence[] = [];
  for (const { node, step, lamport } of vertices) {
    const event = step === 0 ? clocks.latest(node, 0) : clocks.at(step);
    if (event?.node !== node || event.step !== step) return `step ${step}: no event of node ${node}`;
    if (event.lamport !== lamport) return `step ${step}: Lamport ${event.lamport}, not ${lamport}`;
    events.push(event);
  }
  for (const [i, one] of events.entries()) {
    for (const [j, other] of events.entries()) {
      const isBefore = graph.isBefore(i, j);
      const pair = `steps ${one.step} and ${other.step}`;
      if (isLess(one.vector, other.vector) !== isBefore) return `${pair}: ${isBefore}`;
      if (isBefore && one.lamport >= other.lamport) return `${pair}: Lamport contradicts the order`;
    }
  }
  return undefined;
}

/** Whether a vector is at most another in each component, and not the same. */
export function isLess(one: readonly number[], other: readonly number[]): boolean {
  const nodes = Math.max(one.length, other.length);
  let isSmaller = false;
  for (let i = 0; i < nodes; i++) {
    const [count, least] = [one[i] ?? 0, other[i] ?? 0];
    if (count > least) return false;
    if (count < least) isSmaller = true;
  }
  return isSmaller;
}

/** The same for the order in words: that of the clocks, and each link of its chains. */
export function firstWrongOrder(graph: CausalGraph, clocks: Causality): string | undefined {
  const { vertices } = graph;
  const at = (step: number, node: number) =>
    vertices.findIndex((one) => one.step === step && one.node === node);
  const reaches = (one: number, other: number) => one === other || graph.isBefore(one, other);
  for (let i = 0; i < vertices.length; i += 3) {
    for (let j = 0; j < vertices.length; j += 5) {
      const [one, other] = [vertices[i], vertices[j]].map(({ node, step }) =>
        clocks.latest(node, step)!,
      );
      const order = clocks.order(one, other);
      const isBefore = graph.isBefore(i, j);
      const expected = i === j ? 'same' : isBefore ? 'before' : graph.isBefore(j, i) ? 'after' : '';
      const pair = `steps ${one.step} and ${other.step}`;
      if (order.type !== (expected || 'concurrent')) return `${pair}: ${order.type}`;
      if (order.type !== 'before' && order.type !== 'after') continue;
      const [first, last] = order.type === 'before' ? [i, j] : [j, i];
      let from = first;
      for (const { sent, received } of order.chain) {
        const [left, came] = [at(sent.step, sent.node), at(received.step, received.node)];
        if (!reaches(from, left) || !graph.isBefore(left, came)) return `${pair}: a broken chain`;
        from = came;
      }
      const isJoined = vertices[from].node === vertices[last].node && reaches(from, last);
      if (!isJoined) return `${pair}: the chain does not end there`;
    }
  }
  return undefined;
}
