/** The published models in clusters of any size, and two-phase commit with planted faults. */
import type { NodeSetup, Setup } from '../../../src/kernel/plan.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import abdProtocol from '../published/abd.ts';
import paxosProtocol from '../published/paxos.ts';
import singleCopyProtocol from '../published/single-copy.ts';
import twoPhaseProtocol from '../published/two-phase.ts';

/** A network on which a message may always be the next one. */
function setupOf(protocol: Protocol, nodes: NodeSetup[]): Setup {
  const network = { latency: [1, 1] as const, loss: 0, duplicate: 0, reorder: true };
  return { protocol, seed: 1, nodes, network };
}

/** The servers are numbered from 0 on, and then the clients. */
const registers = (protocol: Protocol) => (servers: number, clients: number): Setup =>
  setupOf(protocol, [
    ...Array.from({ length: servers }, (_, i) => ({ id: `s${i}`, role: 'server' })),
    ...Array.from({ length: clients }, (_, i) => {
      return { id: `c${i}`, role: 'client', options: { index: servers + i } };
    }),
  ]);

export const abd = registers(abdProtocol);
export const paxos = registers(paxosProtocol);
export const singleCopy = registers(singleCopyProtocol);

type Role = Protocol['roles'][string];

export type Handler = Role['messages'][string];

/** What a variant puts in the place of parts of a role. */
export type Parts = Partial<Role>;

/** `parts` of its roles by their names. */
export function twoPhaseWith(
  resources: number,
  parts: Readonly<Partial<Record<'resource' | 'manager', Parts>>>,
): Setup {
  const { roles } = twoPhaseProtocol;
  const resource = { ...roles.resource, ...parts.resource };
  const manager = { ...roles.manager, ...parts.manager };
  return setupOf({ ...twoPhaseProtocol, roles: { resource, manager } }, [
    { id: 'tm', role: 'manager' },
    ...Array.from({ length: resources }, (_, i) => ({ id: `r${i + 1}`, role: 'resource' })),
  ]);
}

/** The manager does not wait for the `missing` ones: the planted fault, if there are any. */
export function twoPhase(resources: number, missing = 0): Setup {
  if (missing === 0) return twoPhaseWith(resources, {});
  const { manager } = twoPhaseProtocol.roles;
  const Prepared: Handler = (node, message, from, connection) => {
    const { prepared, is } = node.state;
    manager.messages.Prepared(node, message, from, connection);
    const isNew = prepared.length < node.state.prepared.length;
    const enough = node.nodes('resource').length - missing;
    if (is === 'init' && isNew && node.state.prepared.length === enough) node.setTimer('commit', 1);
  };
  return twoPhaseWith(resources, { manager: { messages: { Prepared } } });
}
