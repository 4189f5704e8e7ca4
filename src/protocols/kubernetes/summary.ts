/** How the lease and its candidates are shown, and summaries of their messages and events. */
import type { Frozen, Look, Summary } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import type { ApiServer, Candidate, CandidateState, Lease, LeaseSpec } from './state.ts';

export function leaseText(spec: Frozen<LeaseSpec>): string {
  const holder = spec.holderIdentity || 'none';
  return `${holder} for ${spec.leaseDurationSeconds}s, transitions ${spec.leaseTransitions}`;
}

function versionText({ resourceVersion, spec }: Frozen<Lease>): string {
  return `version ${resourceVersion}: ${leaseText(spec)}`;
}

export function candidateLook(state: Readonly<CandidateState>): Look {
  const { phase, term, observedRecord, observedTime, isLeaseValid, identity } = state;
  const observed = observedRecord?.holderIdentity ?? '';
  const until = observedTime + seconds(observedRecord?.leaseDurationSeconds ?? 0);
  const standing = term === null ? phase : 'leader';
  const of = 'the lease';
  return {
    standing: standing === 'acquiring' ? 'candidate' : standing,
    tone: term !== null ? 'lead' : phase === 'stopped' ? 'none' : 'follow',
    ...(term !== null && {
      epoch: { name: 'transitions', value: term.transitions }, token: term.transitions,
    }),
    ...(observed !== '' && isLeaseValid && {
      lease: { name: `lease of ${observed}`, until, ...(observed === identity && { of }) },
    }),
    holder: [
      ...(term === null ? [] : [{ of, is: identity, own: true, token: term.transitions }]),
      ...(observedRecord !== null && term === null ? [{ of, is: observed || 'none' }] : []),
    ],
    facts: { identity, phase },
  };
}

export const apiSummary: Summary<ApiServer> = {
  messages: {
    LeaseFound: ({ lease }) => versionText(lease),
    Status: ({ code, reason }) => `${code} ${reason}`,
  },
};

export const candidateSummary: Summary<Candidate> = {
  messages: {
    GetLease: () => '',
    CreateLease: ({ spec }) => leaseText(spec),
    UpdateLease: ({ spec, resourceVersion }) =>
      `${leaseText(spec)}, if it is still version ${resourceVersion}`,
    Write: ({ name, value, token }) =>
      `${name}=${String(value)} ${token === null ? 'without a token' : `with token ${token}`}`,
  },
};
