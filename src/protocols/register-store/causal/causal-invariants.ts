/** What causal replication promises: causes are applied first, and equal copies agree. */
import type { Invariant, NodeId } from '../../../protocol/types.ts';
import { dotText, hasDot, vectorText, withDot } from '../data/dots.ts';
import { dominates, union, type Versions } from '../data/sessions.ts';
import type { Register } from '../data/messages.ts';
import { ofStore } from '../invariants/roles.ts';

/** A log only grows, so that each write in it is checked once. */
const causesFirst = ofStore({
  doc: 'A server applies a write after its dependencies (Ahamad et al. 1995, §4).',
  remember: (): Record<NodeId, { length: number; applied: Versions }> => ({}),
  check({ acted, memory }) {
    if (acted?.role !== 'server' || acted.state.causal === null) return undefined;
    const { log } = acted.state.causal;
    const known = (memory[acted.id] ??= { length: 0, applied: {} });
    for (; known.length < log.length; known.length++) {
      const write = log[known.length];
      if (!dominates(known.applied, write.after)) {
        const name = `${write.key}=${write.value} (${dotText(write)})`;
        const [after, applied] = [write.after, known.applied].map(vectorText);
        return `${acted.id} applied ${name}, which depends on ${after}, after ${applied} only.`;
      }
      known.applied = withDot(known.applied, write);
    }
    return undefined;
  },
});

interface Seen {
  /** Client → what the servers that answered its reads had applied. */
  read: Record<NodeId, Versions>;
  /** Client → its own writes that were answered. */
  written: Record<NodeId, Versions>;
  /** Client and request → what a write must depend on, by the guarantees that its client has. */
  sent: Record<string, Versions>;
}

const dependenciesComplete = ofStore({
  doc: 'The dependencies of a write include what its session wrote, if it has monotonic-writes, ' +
    'and what it read, if it has writes-follow-reads (Terry et al. 1994, Table 1).',
  remember: (): Seen => ({ read: {}, written: {}, sent: {} }),
  check({ acted, message, invoked, events, memory: { read, written, sent } }) {
    if (acted?.role === 'client') {
      const { id, state: { number, session: { asked } } } = acted;
      for (const event of events) {
        if (event.name !== 'Answered' || message?.body.type !== 'Reply') continue;
        const seen = event.fields.name === 'read' ? read : written;
        seen[id] = union(seen[id] ?? {}, message.body.applied);
      }
      if (invoked === undefined) return undefined;
      const ofWrites = asked.includes('monotonic-writes') ? written[id] : undefined;
      const ofReads = asked.includes('writes-follow-reads') ? read[id] : undefined;
      sent[`${id} ${number}`] = union(ofWrites ?? {}, ofReads ?? {});
      return undefined;
    }
    for (const event of events) {
      if (event.name !== 'WriteAccepted') continue;
      const { write, client, number, after } = event.fields;
      const needed = sent[`${client} ${number}`] ?? {};
      if (dominates(after, needed)) continue;
      const [has, lacks] = [after, needed].map(vectorText);
      return `${write} of ${client} depends on ${has}, but its session must have ${lacks}.`;
    }
    return undefined;
  },
});

/** Only with Lamport's order of concurrent writes: plain causal memory does not promise it. */
const sameWritesAgree = ofStore({
  doc: 'Convergent servers that have applied the same writes have the same values (causal+).',
  check({ acted, nodes }) {
    if (acted?.role !== 'server' || acted.state.causal?.isConvergent !== true) return undefined;
    const { applied, causal: { log }, registers } = acted.state;
    // Without waiting, a server may have writes that its vector does not count yet.
    const counted = Object.values(applied).reduce((sum, count) => sum + count, 0);
    if (counted !== log.length) return undefined;
    for (const other of nodes) {
      if (other.role !== 'server' || other.id === acted.id) continue;
      const its = other.state;
      if (its.causal?.log.length !== log.length || !dominates(its.applied, applied)) continue;
      for (const key in registers) {
        if (its.registers[key]?.value === registers[key].value) continue;
        const [mine, theirs] = [registers[key], its.registers[key]].map(valueText);
        const both = `${acted.id} and ${other.id} have applied the same writes`;
        return `${both}, but have ${key}=${mine} and ${theirs}.`;
      }
    }
    return undefined;
  },
});

const valueText = (register: Register | undefined) => String(register?.value ?? 'nothing');

const appliedGrows = ofStore({
  doc: 'The vector of a causal server never runs backwards, even across a crash.',
  remember: (): Record<NodeId, Versions> => ({}),
  check({ acted, memory }) {
    if (acted?.role !== 'server' || acted.state.causal === null) return undefined;
    const { applied } = acted.state;
    const before = memory[acted.id] ?? {};
    memory[acted.id] = applied;
    if (dominates(applied, before)) return undefined;
    const [then, now] = [before, applied].map(vectorText);
    return `${acted.id} had applied ${then}, and now only ${now}.`;
  },
});

/** What a vector counts must be in the log, because other servers rely on getting it there. */
const vectorCounts = ofStore({
  doc: 'The vector of a causal server counts exactly the writes that it has applied, in order.',
  check({ acted }) {
    if (acted?.role !== 'server' || acted.state.causal === null) return undefined;
    const { applied, causal: { log } } = acted.state;
    for (const by in applied) {
      const numbers = log.filter((one) => one.by === by && hasDot(applied, one));
      if (numbers.length === applied[by]) continue;
      return `${acted.id} counts ${applied[by]} writes of ${by}, and has ${numbers.length}.`;
    }
    return undefined;
  },
});

export const causalInvariants: Record<string, Invariant> = {
  'Causes Come First': causesFirst,
  'Dependencies Are Complete': dependenciesComplete,
  'Convergent Servers Agree': sameWritesAgree,
  'Applied Writes Stay Applied': appliedGrows,
  'A Vector Counts What Is There': vectorCounts,
};
