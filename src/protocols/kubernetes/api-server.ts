/** The API server, one node that stands for all servers and their etcd: Get, Create and Update. */
import { role } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { ApiServer, LeaseSpec } from './state.ts';
import { apiSummary, leaseText } from './summary.ts';

export const apiServer = role<ApiServer>({
  doc: 'Stands for the Kubernetes API and its etcd: stores one Lease, with compare-and-swap.',
  init: () => ({ lease: null, revision: 0 }),
  durable: ['lease', 'revision'],
  messages: {
    GetLease(node, { request }, _from, connection) {
      const { lease } = node.state;
      if (lease === null) return refuse(node, request, connection, 404, 'NotFound');
      node.send(connection, { type: 'LeaseFound', request, lease });
    },
    CreateLease(node, { request, spec }, from, connection) {
      const { lease } = node.state;
      if (lease !== null) {
        conflict(node, 'AlreadyExists', 0, from);
        return refuse(node, request, connection, 409, 'AlreadyExists');
      }
      store(node, request, spec, from, connection);
    },
    UpdateLease(node, { request, spec, resourceVersion }, from, connection) {
      const { lease } = node.state;
      if (lease === null) return refuse(node, request, connection, 404, 'NotFound');
      // The compare-and-swap: of all who read a version, one can replace it.
      if (resourceVersion !== lease.resourceVersion) {
        conflict(node, 'Conflict', resourceVersion, from);
        return refuse(node, request, connection, 409, 'Conflict');
      }
      store(node, request, spec, from, connection);
    },
  },
  timers: {},
  lookDocs: {
    lease: 'The Lease object: who renews it, when it was renewed, and how often it changed hands.',
    token: 'leaseTransitions: how often the lease went to another holder.',
  },
  look({ lease, revision }) {
    const epoch = { name: 'revision', value: revision };
    if (lease === null) return { epoch, authority: {} };
    const { holderIdentity, leaseTransitions: token } = lease.spec;
    return {
      epoch,
      authority: {},
      holder: { of: 'the lease', is: holderIdentity || 'none', token },
      token,
      facts: { lease: leaseText(lease.spec) },
    };
  },
  summary: apiSummary,
});

type Server = Node<ApiServer>;

function store(
  node: Server, request: number, spec: Frozen<LeaseSpec>, from: NodeId, connection: ConnectionId,
): void {
  const { state } = node;
  const replaced = state.lease?.resourceVersion ?? 0;
  const resourceVersion = ++state.revision;
  state.lease = { resourceVersion, spec };
  const { holderIdentity: holder, leaseTransitions: transitions } = spec;
  node.event('LeaseStored', { resourceVersion, replaced, holder, transitions, from });
  node.send(connection, { type: 'LeaseFound', request, lease: state.lease });
}

function conflict(node: Server, reason: string, resourceVersion: number, from: NodeId): void {
  const current = node.state.lease?.resourceVersion ?? 0;
  node.event('LeaseConflict', { reason, resourceVersion, current, from });
}

function refuse(
  node: Server, request: number, connection: ConnectionId, code: number, reason: string,
): void {
  node.send(connection, { type: 'Status', request, code, reason });
}
