/** What one scheduler promises: each run of the job has its effect once, not twice, not never. */
import { derivedEvent, invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation } from '../../protocol/types.ts';
import type { Effect, Ledger, Lease, Run, Scheduler, Store } from './state.ts';

interface Roles {
  store: Store;
  ledger: Ledger;
  scheduler: Scheduler;
}

type AnyNode = Observation<undefined, Roles>['nodes'][number];

function isStore(node: AnyNode | undefined): node is Extract<AnyNode, { role: 'store' }> {
  return node?.role === 'store';
}

function isLedger(node: AnyNode | undefined): node is Extract<AnyNode, { role: 'ledger' }> {
  return node?.role === 'ledger';
}

function isScheduler(node: AnyNode | undefined): node is Extract<AnyNode, { role: 'scheduler' }> {
  return node?.role === 'scheduler';
}

const ofJob = invariant<Roles>();

const notTwice = ofJob({
  doc: 'The effect of a run is applied at most once.',
  when: ({ acted }) => isLedger(acted) && acted.state.effects.length > 0,
  check({ acted }) {
    if (!isLedger(acted)) return undefined;
    const by: Record<number, NodeId> = {};
    for (const effect of acted.state.effects) {
      const first = by[effect.run];
      if (first !== undefined) return `Run ${effect.run} ran twice: for ${first} and ${effect.by}.`;
      by[effect.run] = effect.by;
    }
    return undefined;
  },
});

/** A run that is marked before its effect is not lost while the scheduler that began it works. */
const notNever = ofJob({
  doc: 'A run that is marked as done has its effect, or a scheduler still works on it.',
  when: ({ nodes }) =>
    nodes.some((one) => isStore(one) && one.state.runs.some(({ isDone }) => isDone)),
  check({ nodes }) {
    const store = nodes.find(isStore);
    const ledger = nodes.find(isLedger);
    if (store === undefined || ledger === undefined) return undefined;
    for (const [i, { isDone, begunBy }] of store.state.runs.entries()) {
      const run = i + 1;
      if (!isDone || ledger.state.effects.some((effect) => effect.run === run)) continue;
      const atWork = nodes.some((one) => isScheduler(one) && one.up &&
        (one.state.isBeginning || one.state.job?.run === run));
      if (atWork) continue;
      return `Run ${run}, which ${begunBy} began, is marked as done and never had its effect.`;
    }
    return undefined;
  },
});

const oneLease = ofJob({
  doc: 'The lease goes to another scheduler only after it has expired, and in a later term.',
  remember: (): { lease: Lease | null; lastTerm: number } => ({ lease: null, lastTerm: 0 }),
  check({ acted, memory }) {
    if (!isStore(acted)) return undefined;
    const { lease, lastTerm } = acted.state;
    const before = memory.lease;
    const earlier = memory.lastTerm;
    Object.assign(memory, { lease, lastTerm });
    if (lastTerm < earlier) return `The term fell from ${earlier} to ${lastTerm}.`;
    if (lease === null || before === lease) return undefined;
    if (before !== null && before.owner !== lease.owner) {
      return `The lease went from ${before.owner} to ${lease.owner} before it expired.`;
    }
    if (before !== null || lease.term > earlier) return undefined;
    return `${lease.owner} leads in term ${lease.term}, which was there before.`;
  },
});

const inOrder = ofJob({
  doc: 'A new run begins only when all earlier ones are done, and a done run never begins again.',
  remember: (): { runs: readonly Run[] } => ({ runs: [] }),
  check({ acted, events, memory }) {
    if (!isStore(acted)) return undefined;
    const { runs } = acted.state;
    const before = memory.runs;
    memory.runs = [...runs];
    if (runs.length < before.length) return `The store forgot run ${before.length}.`;
    const undone = before.findIndex(({ isDone }, i) => isDone && !runs[i].isDone);
    if (undone >= 0) return `Run ${undone + 1} was done, and no longer is.`;
    for (const event of events) {
      if (event.name !== 'RunBegun') continue;
      const { run, by } = event.fields;
      const open = before.findIndex(({ isDone }) => !isDone);
      const isSkipped = open >= 0 && open + 1 < run;
      if (isSkipped) return `${by} began run ${run}, but run ${open + 1} is not done.`;
      if (before[run - 1]?.isDone) return `${by} began run ${run}, which is done.`;
    }
    return undefined;
  },
});

const onlyLeader = ofJob({
  doc: 'Only the scheduler that has the lease begins a run.',
  when: ({ events }) => events.some(({ name }) => name === 'RunBegun'),
  check({ acted, events }) {
    if (!isStore(acted)) return undefined;
    for (const event of events) {
      if (event.name !== 'RunBegun') continue;
      const { run, by } = event.fields;
      const owner = acted.state.lease?.owner ?? 'no scheduler';
      if (owner !== by) return `${by} began run ${run}, but ${owner} has the lease.`;
    }
    return undefined;
  },
});

const effectsStay = ofJob({
  doc: 'The ledger loses no effect, and knows the keys of its effects, even after a crash.',
  remember: (): { effects: readonly Effect[]; keys: number } => ({ effects: [], keys: 0 }),
  check({ acted, memory }) {
    if (!isLedger(acted)) return undefined;
    const keys = Object.keys(acted.state.keys).length;
    const lost = memory.effects.length > acted.state.effects.length;
    const forgot = memory.keys > keys;
    Object.assign(memory, { effects: [...acted.state.effects], keys });
    if (lost) return `${acted.id} lost an effect.`;
    return forgot ? `${acted.id} forgot the key of an effect.` : undefined;
  },
});

export const invariants: Record<string, Invariant> = {
  'Not Twice': notTwice,
  'Not Never': notNever,
  'One Lease': oneLease,
  'Runs In Order': inOrder,
  'Only The Leader Begins': onlyLeader,
  'Effects Stay': effectsStay,
};

export const twoAtWork = derivedEvent<Roles>()({
  remember: (): { reported: string[] } => ({ reported: [] }),
  look({ nodes, acted, memory }) {
    if (!isScheduler(acted) || !acted.up || acted.state.job === null) return [];
    const { run } = acted.state.job;
    for (const other of nodes) {
      if (!isScheduler(other) || !other.up || other.id === acted.id) continue;
      if (other.state.job?.run !== run) continue;
      const name = [String(run), ...[other.id, acted.id].sort()].join(' ');
      if (memory.reported.includes(name)) continue;
      memory.reported.push(name);
      return [{ run, first: other.id, second: acted.id }];
    }
    return [];
  },
  summary: ({ run, first, second }) => `run ${run}: ${first} and ${second}`,
});
