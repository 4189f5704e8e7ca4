/** The mutants of the Kubernetes lease: each changes one line of the API server or of a candidate. */
import type { Mutant } from '../mutant.ts';

/** A mutant, and the sample in which it shows, if random schedules would rarely come there. */
interface LeaseMutant extends Mutant {
  sample?: string;
}

export const leaseMutants: Record<string, LeaseMutant> = {
  'lease-no-compare': {
    doc: 'The API server stores each update, whatever version it read.',
    in: 'kubernetes/api-server.ts',
    line: 'if (resourceVersion !== lease.resourceVersion) {',
    broken: 'if (resourceVersion < 0) {',
    violates: 'One Update A Version',
  },
  'lease-forgotten-revision': {
    doc: 'The API server does not write the lease to disk.',
    in: 'kubernetes/api-server.ts',
    line: "durable: ['lease', 'revision'],",
    broken: "durable: ['revision'],",
    violates: 'One Update A Version',
  },
  'lease-ignores-changes': {
    doc: 'A candidate times the holder, and not the changes of the record.',
    in: 'kubernetes/elector.ts',
    line: 'if (raw !== state.observedRaw) {',
    broken: 'if (spec.holderIdentity !== state.observedRecord?.holderIdentity) {',
    violates: 'A Whole Lease Without A Change',
  },
  'lease-own-duration': {
    doc: 'A candidate waits for a duration of its own instead of the one in the record.',
    in: 'kubernetes/elector.ts',
    line: 'const after = seconds(spec.leaseDurationSeconds);',
    broken: 'const after = seconds(0.5);',
    violates: 'A Whole Lease Without A Change',
  },
  'lease-compares-timestamps': {
    doc: 'A candidate compares renewTime with its own clock, as of when its attempt began.',
    in: 'kubernetes/elector.ts',
    line: "if (spec.holderIdentity !== '' && isValid && !isLeader(state)) {",
    broken:
      "if (spec.holderIdentity !== '' && spec.renewTime + seconds(spec.leaseDurationSeconds) > " +
      'attempt.record.renewTime && !isLeader(state)) {',
    violates: 'A Whole Lease Without A Change',
  },
  'lease-same-transitions': {
    doc: 'A candidate that takes the lease from another keeps its transitions.',
    in: 'kubernetes/elector.ts',
    line: 'const leaseTransitions = spec.leaseTransitions + 1;',
    broken: 'const leaseTransitions = spec.leaseTransitions + 0;',
    violates: 'Transitions Count Holders',
  },
  'lease-renews-as-new': {
    doc: 'A fast update starts to count the transitions anew.',
    in: 'kubernetes/elector.ts',
    line: "return update(node, 'fast update', { ...record, acquireTime, leaseTransitions });",
    broken: "return update(node, 'fast update', { ...record, acquireTime, leaseTransitions: leaseTransitions * 0 });",
    violates: 'Transitions Count Holders',
  },
  'lease-one-identity': {
    doc: 'All processes of a node have its name as identity.',
    in: 'kubernetes/loops.ts',
    line: 'const identity = options.uniqueIdentity ? `${node.id}_${state.processes}` : node.id;',
    broken: 'const identity = node.id;',
    violates: 'One Process A Transition',
  },
  'lease-no-deadline': {
    doc: 'Each try of a leader moves its deadline, so that it never gives up.',
    in: 'kubernetes/loops.ts',
    line: 'if (state.attempt !== null) state.hasTicked = true;',
    broken:
      "if (node.setTimer('deadline', options.renewDeadline), state.attempt !== null) " +
      'state.hasTicked = true;',
    violates: 'A Leader Gives Up',
  },
  'lease-late-release': {
    doc: 'A release asks what was observed before, and not what it has just read.',
    in: 'kubernetes/loops.ts',
    line: 'if (options.releaseChecksHolder && holderIdentity !== state.identity) {',
    broken: "if (options.releaseChecksHolder && holderIdentity === '') {",
    sample: 'late-release',
    violates: 'Only The Holder Releases',
  },
  'lease-no-fencing': {
    doc: 'Storage accepts a write with an older token.',
    in: 'locks/fenced-storage.ts',
    line: 'return token === null ? requireToken : token < highest;',
    broken: 'return token === null && requireToken;',
    sample: 'paused-leader',
    violates: 'An Older Token Never Overwrites A Newer One',
  },
  'lease-highest-token': {
    doc: 'Candidates write with a token that is always high enough.',
    in: 'kubernetes/candidate.ts',
    line: 'const token = sendsToken ? transitions : null;',
    broken: 'const token = sendsToken ? 99 : null;',
    sample: 'paused-leader',
    violates: 'An Earlier Leader Never Overwrites',
  },
};
