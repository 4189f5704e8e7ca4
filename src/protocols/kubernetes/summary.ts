/** How the lease and its candidates are shown, and summaries of their messages and events. */
import type { Standings } from '../../protocol/standings.ts';
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

/** client-go, tools/leaderelection: LeaderElector.Run is acquire, then renew, then release. */
export const candidateStandings: Standings = {
  starting: { doc: 'Its process has not started yet.', boots: true, to: { candidate: 'starts' } },
  candidate: {
    doc: 'It tries to acquire the lease every retryPeriod: `acquire`.',
    boots: true,
    to: { leader: 'acquires the lease', stopped: 'its context is cancelled' },
  },
  leader: {
    doc: 'It renews the lease and works, until its work has ended: `renew`, OnStartedLeading.',
    to: {
      releasing: 'cancelled with releaseOnCancel, and its work ends',
      stopped: 'could not renew by the renewDeadline, or is cancelled',
    },
  },
  releasing: {
    doc: 'It gives the lease back, so that another need not wait for its end: `release`.',
    to: { stopped: 'the lease is released, or that fails' },
  },
  stopped: {
    doc: 'It no longer leads: OnStoppedLeading.',
    to: { candidate: 'the kubelet starts the process again' },
  },
};

export const candidateDocs: Readonly<Record<string, string>> = {
  identity: 'The name under which it writes itself into the lease.',
  phase: 'What its elector does: it tries to acquire the lease, renews it, or has stopped.',
  token: 'leaseTransitions of the lease under which it leads.',
  'lease of …': 'Until then it takes the lease for valid, by its own clock.',
};

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
