/** What the lease, its candidates and the leader's writes promise, at every step. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation } from '../../protocol/types.ts';
import type { Storage } from '../locks/fenced-storage.ts';
import type { ApiServer, Candidate, Lease, Term } from './state.ts';

export interface Roles {
  apiServer: ApiServer;
  candidate: Candidate;
  storage: Storage;
}

type AnyNode = Observation<undefined, Roles>['nodes'][number];
type ApiNode = Extract<AnyNode, { role: 'apiServer' }>;
type CandidateNode = Extract<AnyNode, { role: 'candidate' }>;

export function isCandidate(node: AnyNode | undefined): node is CandidateNode {
  return node?.role === 'candidate';
}

function isApiServer(node: AnyNode | undefined): node is ApiNode {
  return node?.role === 'apiServer';
}

const ofLease = invariant<Roles>();

/** Without this, two candidates that read one version would both have the lease. */
const oneUpdateAVersion = ofLease({
  doc: 'Each version of the lease is replaced by one update at most: by one that had read it.',
  remember: (): { lease: Lease | null } => ({ lease: null }),
  check({ acted, message, memory }) {
    if (!isApiServer(acted)) return undefined;
    const { lease, revision } = acted.state;
    const before = memory.lease;
    memory.lease = lease;
    if (before?.resourceVersion === lease?.resourceVersion) return undefined;
    if (lease === null) return `${acted.id} lost version ${before!.resourceVersion} in a crash.`;
    const now = lease.resourceVersion;
    if (now !== revision) return `${acted.id} stored version ${now} in revision ${revision}.`;
    if (before === null) return undefined;
    if (now < before.resourceVersion) {
      return `${acted.id} went back from version ${before.resourceVersion} to ${now}.`;
    }
    const body = message?.body;
    if (body?.type === 'UpdateLease' && body.resourceVersion === before.resourceVersion) {
      return undefined;
    }
    const read = body?.type === 'UpdateLease' ? `version ${body.resourceVersion}` : 'nothing';
    return (
      `${acted.id} replaced version ${before.resourceVersion}, held by ` +
      `${before.spec.holderIdentity || 'none'}, for ${message?.from ?? 'none'}, which read ${read}.`
    );
  },
});

interface Watched {
  /** What each process has seen: the spec of the lease, as text, and whether it has expired. */
  seen: Record<string, { spec: string; expired: boolean }>;
  lease: Lease | null;
}

/** A candidate measures by its own timer; which rate that has, nothing here assumes. */
const wholeLease = ofLease({
  doc:
    'A candidate takes a lease that is held only after it saw no change of it for the whole ' +
    "duration in the lease, by its own clock.",
  remember: (): Watched => ({ seen: {}, lease: null }),
  check({ acted, message, events, memory }) {
    const { seen } = memory;
    if (isCandidate(acted)) {
      // What a process sent can arrive when the next one runs.
      const ran = `${acted.id} ${acted.state.processes}`;
      const known = seen[ran];
      if (message?.body.type === 'LeaseFound') {
        const spec = JSON.stringify(message.body.lease.spec);
        if (known?.spec !== spec) seen[ran] = { spec, expired: false };
      }
      const [expired] = events.filter((one) => one.name === 'LeaseExpired');
      if (known !== undefined && expired?.name === 'LeaseExpired') {
        const { leaseDurationSeconds } = JSON.parse(known.spec) as Lease['spec'];
        known.expired = expired.fields.after >= leaseDurationSeconds * 1_000_000;
      }
      return undefined;
    }
    if (!isApiServer(acted)) return undefined;
    const before = memory.lease?.spec;
    memory.lease = acted.state.lease;
    const now = acted.state.lease?.spec;
    if (before === undefined || now === undefined || now === before) return undefined;
    const { holderIdentity: holder } = before;
    const { holderIdentity: next } = now;
    if (holder === '' || next === '' || next === holder) return undefined;
    const spec = JSON.stringify(before);
    for (const [ran, watched] of Object.entries(seen)) {
      if (!ran.startsWith(`${message?.from} `)) continue;
      if (watched.spec === spec && watched.expired) return undefined;
    }
    return (
      `${now.holderIdentity} took the lease of ${holder} without having seen it unchanged for ` +
      `${before.leaseDurationSeconds}s.`
    );
  },
});

const transitionsCount = ofLease({
  doc: 'leaseTransitions grows by one with each new holder, and otherwise stays.',
  remember: (): { lease: Lease | null; holder: string } => ({ lease: null, holder: '' }),
  check({ acted, memory }) {
    if (!isApiServer(acted)) return undefined;
    const { lease } = acted.state;
    const before = memory.lease;
    memory.lease = lease;
    if (lease === null || lease === before) return undefined;
    const { holderIdentity: holder, leaseTransitions: now } = lease.spec;
    if (before === null) {
      return now === 0 ? undefined : `${holder} created the lease with ${now} transitions.`;
    }
    const { holderIdentity: earlier, leaseTransitions: then } = before.spec;
    const isNew = holder !== '' && holder !== earlier;
    const expected = isNew ? then + 1 : then;
    if (now === expected) return undefined;
    const how = isNew ? `went from ${earlier || 'none'} to ${holder}` : `stayed with ${earlier}`;
    return `The lease ${how}, and leaseTransitions went from ${then} to ${now}.`;
  },
});

/** Otherwise the number could not fence off an earlier leader. */
const oneProcess = ofLease({
  doc: 'No two processes lead with the same value of leaseTransitions.',
  remember: (): { leaders: Record<number, string> } => ({ leaders: {} }),
  when: ({ events }) => events.some(({ name }) => name === 'StartedLeading'),
  check({ acted, events, memory: { leaders } }) {
    if (!isCandidate(acted)) return undefined;
    for (const event of events) {
      if (event.name !== 'StartedLeading') continue;
      const { transitions } = event.fields;
      const name = `process ${acted.state.processes} of ${acted.id}`;
      const first = (leaders[transitions] ??= name);
      if (first === name) continue;
      return `${name} leads with ${transitions} transitions, with which ${first} has led.`;
    }
    return undefined;
  },
});

/** Counted in tries: their pace is that of the own clock, and a paused process makes none. */
const givesUp = ofLease({
  doc: 'After its last renewal, a leader tries as often as fits into renewDeadline, and gives up.',
  remember: (): Record<NodeId, number> => ({}),
  when: ({ acted }) => isCandidate(acted) && acted.state.phase === 'renewing',
  check({ acted, events, memory }) {
    if (!isCandidate(acted)) return undefined;
    const { id, state: { round, observedRecord, identity, resourceVersion } } = acted;
    const { tries, tryEvery, giveUpAfter } = round;
    const most = 1 + Math.floor(giveUpAfter / tryEvery);
    // Independent of the own count: failed tries since the last version that it stored.
    const isNew = observedRecord?.holderIdentity === identity && memory[id] !== resourceVersion;
    if (isNew) memory[id] = resourceVersion;
    const began = events.some(({ name }) => name === 'StartedLeading');
    const failed = `${id} failures`;
    if (isNew || began) memory[failed] = 0;
    for (const event of events) {
      if (event.name !== 'TryFailed' || event.fields.step === 'fast update') continue;
      memory[failed] = (memory[failed] ?? 0) + 1;
    }
    const made = Math.max(tries, memory[failed] ?? 0);
    if (made <= most) return undefined;
    return `${id} has tried ${made} times to renew, and by its deadline could do so ${most} times.`;
  },
});

const onlyHolderReleases = ofLease({
  doc: 'Only the holder of the lease releases it.',
  remember: (): { holder: string } => ({ holder: '' }),
  check({ acted, message, memory }) {
    if (!isApiServer(acted)) return undefined;
    const before = memory.holder;
    memory.holder = acted.state.lease?.spec.holderIdentity ?? '';
    if (memory.holder !== '' || before === '' || message === undefined) return undefined;
    const { from } = message;
    // A process is named after its node: A, or A_2.
    if (before === from || before.startsWith(`${from}_`)) return undefined;
    return `${from} released the lease, which ${before} held: ${before} leads, and others may too.`;
  },
});

interface Written {
  /** The order of the terms in which candidates began to lead: grant → its number. */
  terms: Record<string, number>;
  count: number;
  /** The number of writes of each storage when it was last checked. */
  writes: Record<NodeId, number>;
  /** The latest term that wrote a value: `storage name` → the grant. */
  latest: Record<string, string>;
}

/** What the work sees of the election. It needs no tokens, because the order is observed. */
const earlierNeverOverwrites = ofLease({
  doc: 'Once a later leader has written a value, no earlier leader overwrites it.',
  remember: (): Written => ({ terms: {}, count: 0, writes: {}, latest: {} }),
  check({ acted, events, memory }) {
    const { terms, writes, latest } = memory;
    for (const event of events) {
      if (event.name === 'StartedLeading') terms[grantOf(event.fields)] = ++memory.count;
    }
    if (acted?.role !== 'storage') return undefined;
    if (acted.state.writes === (writes[acted.id] ?? 0)) return undefined;
    writes[acted.id] = acted.state.writes;
    const { name, grant, value } = acted.state;
    const place = `${acted.id} ${name}`;
    const before = latest[place];
    if (before === undefined || terms[grant] >= terms[before]) {
      latest[place] = grant;
      return undefined;
    }
    const [writer, later] = [grant, before].map((one) => one.split(' ')[0]);
    return (
      `${writer} wrote ${name}=${String(value)} after ${later}, which began to lead later, had ` +
      `written it: ${writer} went on after its term, and the write of ${later} is lost.`
    );
  },
});

/** What a write carries of the term in which it was made. */
export function grantOf({ identity, transitions }: Term): string {
  return `${identity} ${transitions}`;
}

export const invariants: Record<string, Invariant> = {
  'One Update A Version': oneUpdateAVersion,
  'A Whole Lease Without A Change': wholeLease,
  'Transitions Count Holders': transitionsCount,
  'One Process A Transition': oneProcess,
  'A Leader Gives Up': givesUp,
  'Only The Holder Releases': onlyHolderReleases,
  'An Earlier Leader Never Overwrites': earlierNeverOverwrites,
};
