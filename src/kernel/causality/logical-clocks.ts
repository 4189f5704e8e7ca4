/**
 * Lamport's clock (Time, Clocks, and the Ordering of Events, 1978) and the vector clock (Fidge,
 * 1988, and Mattern, 1989) of each event of a run. Nothing of them is recorded. They follow from
 * who acted in each step and what caused it, so no code of the protocol runs again. Each step is
 * passed once. The clocks of an earlier step are those of the chunk before it, and a pass over at
 * most one chunk.
 */
import type { Causality, Hop, LogicalTime, Occurrence, Order } from '../seam/causality.ts';
import type { MessageMoment } from '../seam/moment.ts';
import { type CausalRecord, isUnsent } from './causal-record.ts';
import { baseOf, Chunk, type Content } from './chunk.ts';

/** How many steps a chunk has, and of how many whole chunks the events are kept. */
const chunkSize = 4_096;
/** For how many steps a new chunk has room. */
const firstRoom = 64;
const keptMost = 4;

/** Room for the index of a node in the key of an import. */
const nodesMost = 4_096;

export class LogicalClocks implements Causality {
  private readonly chunks: Chunk[] = [];
  /** Whole chunks whose events are kept, the one that was read last at the end. */
  private kept: Chunk[] = [];

  /** `parent` has the clocks of the run that this one branched from. */
  constructor(
    private readonly record: CausalRecord,
    private readonly parent: LogicalClocks | null = null,
    private readonly size = chunkSize,
  ) {}

  at(step: number): Occurrence | undefined {
    const node = this.record.acted(step);
    return node < 0 ? undefined : this.latest(node, step);
  }

  latest(node: number, until: number): Occurrence | undefined {
    const { parent, record } = this;
    const step = Math.min(until, record.length);
    if (parent !== null && step <= record.base) return parent.latest(node, step);
    this.extend(step);
    const chunk = this.chunks[this.indexAt(step)];
    if (step === chunk.from) return chunk.before(node);
    return chunk.latest(this.contentOf(chunk), node, step);
  }

  sending(message: MessageMoment): Occurrence | undefined {
    if (isUnsent(message)) return undefined;
    return this.sent(message.fromIndex, message.cause);
  }

  next(node: number, step: number, message: MessageMoment | null): LogicalTime {
    const known = this.latest(node, step);
    const brought = message === null ? undefined : this.sending(message);
    const vector = [...(known?.vector ?? [])];
    while (vector.length <= node) vector.push(0);
    brought?.vector.forEach((count, i) => (vector[i] = Math.max(vector[i] ?? 0, count)));
    vector[node]++;
    return { lamport: Math.max(known?.lamport ?? 0, brought?.lamport ?? 0) + 1, vector };
  }

  order(one: Occurrence, other: Occurrence): Order {
    if (one.node === other.node && one.step === other.step) return { type: 'same' };
    if (knows(other, one)) return { type: 'before', chain: this.chain(one, other) };
    if (knows(one, other)) return { type: 'after', chain: this.chain(other, one) };
    return { type: 'concurrent' };
  }

  firstKnowing(first: Occurrence): readonly (Occurrence | undefined)[] {
    const { length } = this.record;
    this.extend(length);
    const { nodes } = this.chunkOf(length);
    return Array.from({ length: nodes }, (_, node) => {
      const last = this.latest(node, length);
      return last && knows(last, first) ? this.firstThatKnows(last, first) : undefined;
    });
  }

  /**
   * The messages that first brought the knowledge of `first` to the nodes between it and `last`.
   * Each node is passed once, so the chain is shorter than the number of nodes.
   */
  private chain(first: Occurrence, last: Occurrence): Hop[] {
    const chain: Hop[] = [];
    let at = last;
    while (at.node !== first.node) {
      const received = this.firstThatKnows(at, first);
      const [from, cause] = [this.record.sender(received.step), this.record.cause(received.step)];
      const sent = this.sent(from, cause)!;
      chain.unshift({ sent, sentIn: this.leaving(from, cause), received });
      at = sent;
    }
    return chain;
  }

  /** The first event of the node of `until`, up to that one, that knows `first`. */
  private firstThatKnows(until: Occurrence, first: Occurrence): Occurrence {
    const { parent, record, chunks } = this;
    const { node } = until;
    if (parent !== null && until.step <= record.base) return parent.firstThatKnows(until, first);
    for (let index = this.indexAt(until.step); index >= 0; index--) {
      const chunk = chunks[index];
      const before = chunk.before(node);
      if (before !== undefined && knows(before, first)) {
        if (index > 0) continue;
        return parent === null ? before : parent.firstThatKnows(before, first);
      }
      const found = chunk.firstThatKnows(this.contentOf(chunk), node, first);
      if (found !== undefined) return found;
    }
    throw new Error(`step ${until.step} does not know step ${first.step}`);
  }

  /** The step in which a message left its sender first, of whichever copy `cause` is the step. */
  private leaving(from: number, cause: number): number {
    const { record } = this;
    let step = cause;
    while (step > 0 && record.acted(step) < 0 && record.sender(step) === from) {
      step = record.cause(step);
    }
    return step;
  }

  /**
   * What the sender of a message knew. Its host may answer within the step of another node, with an
   * RST: then that is what its last event knew.
   */
  private sent(from: number, cause: number): Occurrence | undefined {
    return this.latest(from, this.leaving(from, cause));
  }

  // Chunks

  /** Passes over the steps up to this one that were not passed before. */
  private extend(step: number): void {
    const { chunks, record, size } = this;
    if (chunks.length === 0) chunks.push(this.firstChunk());
    let chunk = chunks[chunks.length - 1];
    let content = (chunk.content ??= chunk.emptyContent(firstRoom));
    for (let next = chunk.from + chunk.count + 1; next <= step; next++) {
      const actor = record.acted(next);
      if (chunk.count === size || actor >= chunk.nodes) {
        const nodes = Math.max(chunk.nodes, actor + 1);
        const base = chunk.baseAfter(content, nodes);
        this.keep(chunk);
        chunk = new Chunk(next - 1, nodes, base);
        content = chunk.content = chunk.emptyContent(firstRoom);
        chunks.push(chunk);
      }
      chunk.makeRoom(content);
      this.pass(chunk, content, chunk.count++, actor);
    }
  }

  private firstChunk(): Chunk {
    const { parent, record } = this;
    if (parent === null) {
      const events = record.booted.map((boots, node): Occurrence | undefined => {
        const vector = record.booted.map((_, index) => (index === node ? 1 : 0));
        return boots ? { node, step: 0, lamport: 1, vector } : undefined;
      });
      return new Chunk(0, events.length, baseOf(events.length, events));
    }
    const { base: from } = record;
    parent.extend(from);
    const { nodes } = parent.chunkOf(from);
    const events = Array.from({ length: nodes }, (_, node) => parent.latest(node, from));
    return new Chunk(from, nodes, baseOf(nodes, events));
  }

  /** The chunk of a step, here or in the run that this one branched from. */
  private chunkOf(step: number): Chunk {
    const { parent, record, chunks } = this;
    if (parent !== null && step <= record.base) return parent.chunkOf(step);
    return chunks[this.indexAt(step)];
  }

  /** Computes the event of one step: its node's last clock, and what its message brought. */
  private pass(chunk: Chunk, content: Content, position: number, actor: number): void {
    const { record } = this;
    const { nodes, base, from: start } = chunk;
    const { actors, lamports, vectors, last } = content;
    actors[position] = actor;
    if (actor < 0) return;
    const own = position * nodes;
    const before = last[actor];
    let lamport = before < 0 ? base.lamports[actor] : lamports[before];
    const source = before < 0 ? base.vectors : vectors;
    const at = (before < 0 ? actor : before) * nodes;
    for (let i = 0; i < nodes; i++) vectors[own + i] = source[at + i];
    const step = start + 1 + position;
    const sender = record.sender(step);
    if (sender >= 0 && sender !== actor) {
      const sentAt = record.cause(step) - start - 1;
      // Nearly every message was sent lately, by the node that acted then.
      if (sentAt >= 0 && actors[sentAt] === sender) {
        const brought = sentAt * nodes;
        for (let i = 0; i < nodes; i++) {
          if (vectors[brought + i] > vectors[own + i]) vectors[own + i] = vectors[brought + i];
        }
        if (lamports[sentAt] > lamport) lamport = lamports[sentAt];
      } else {
        const brought = this.brought(chunk, content, sender, record.cause(step));
        brought?.vector.forEach((count, i) => {
          if (count > vectors[own + i]) vectors[own + i] = count;
        });
        if (brought && brought.lamport > lamport) ({ lamport } = brought);
      }
    }
    vectors[own + actor]++;
    lamports[position] = lamport + 1;
    last[actor] = position;
  }

  /** What the sender of a message knew, if that was before this chunk or in the step of another. */
  private brought(
    chunk: Chunk,
    content: Content,
    sender: number,
    cause: number,
  ): Occurrence | undefined {
    const step = this.leaving(sender, cause);
    if (step > chunk.from) return chunk.latest(content, sender, step);
    const key = step * nodesMost + sender;
    // A chunk that is passed again finds all its imports here, so no other chunk is passed for it.
    if (!chunk.imports.has(key)) chunk.imports.set(key, this.latest(sender, step));
    return chunk.imports.get(key);
  }

  /** The last chunk that begins at or before a step. */
  private indexAt(step: number): number {
    const { chunks } = this;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (chunks[middle].from <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private contentOf(chunk: Chunk): Content {
    const { chunks, record } = this;
    if (chunk !== chunks[chunks.length - 1]) this.keep(chunk);
    if (chunk.content !== undefined) return chunk.content;
    const content = chunk.emptyContent(Math.max(firstRoom, chunk.count));
    for (let at = 0; at < chunk.count; at++) {
      this.pass(chunk, content, at, record.acted(chunk.from + 1 + at));
    }
    chunk.content = content;
    return content;
  }

  private keep(chunk: Chunk): void {
    this.kept = [...this.kept.filter((one) => one !== chunk), chunk];
    if (this.kept.length > keptMost) this.kept.shift()!.content = undefined;
  }
}

/** Whether an event happened after `first`, or is it: it knows at least as many of its node's. */
function knows({ vector }: Occurrence, first: Occurrence): boolean {
  return (vector[first.node] ?? 0) >= first.vector[first.node];
}
