/** Leader election by a Lease of Kubernetes, as its client library does it. */
import { defineProtocol } from '../../protocol/define.ts';
import {
  admitsWrite, olderTokenNeverOverwrites, refusesWrite, storage, storageEvents,
} from '../locks/fenced-storage.ts';
import { apiServer } from './api-server.ts';
import { candidate } from './candidate.ts';
import { invariants } from './invariants.ts';
import { events } from './state.ts';
import { twoLeaders } from './two-leaders.ts';

export const kubernetesLease = defineProtocol({
  name: 'kubernetes-lease',
  doc: "Candidates elect a leader by a Lease in the Kubernetes API, by client-go's rules.",
  source: 'client-go: tools/leaderelection/leaderelection.go and resourcelock/leaselock.go',
  noSpecification: 'its candidates take the lease by timers, not by operations',
  events: { ...events, ...storageEvents },
  roles: { apiServer, candidate, storage },
  defaultRole: 'candidate',
  connections: [['candidate', 'apiServer'], ['candidate', 'storage']],
  derivedEvents: { TwoLeaders: twoLeaders },
  invariants: {
    ...invariants,
    'An Older Token Never Overwrites A Newer One': olderTokenNeverOverwrites,
  },
  admits: admitsWrite,
  refuses: (message) => refusesWrite(message) || message.type === 'Status',
  units: {
    leaseDurationSeconds: 'seconds', acquireTime: 'microseconds', renewTime: 'microseconds',
    observedTime: 'microseconds', after: 'microseconds', tryEvery: 'microseconds',
    giveUpAfter: 'microseconds',
  },
});
