/** How panels show a node: what each of its replicas is, and which leases it holds. */
import type { Json, Look } from '../../protocol/types.ts';
import { timestampText } from './hlc.ts';
import type { NodeState, Replica } from './state.ts';

export function look(state: NodeState): Look {
  const { replicas, clock, ended, transactions } = state;
  const facts: Record<string, Json> = { clock: timestampText(clock) };
  for (const [range, replica] of Object.entries(replicas)) facts[range] = replicaText(replica);
  for (const { id, name, phase } of Object.values(transactions)) {
    facts[name === '' ? id : `${name} (${id})`] = phase;
  }
  if (ended !== null) return { standing: 'ended', tone: 'none', facts: { ...facts, ended } };
  const held = Object.values(replicas).filter(isHeld).length;
  return {
    standing: held > 0 ? 'leaseholder' : 'follower', tone: held > 0 ? 'lead' : 'follow', facts,
  };
}

function isHeld({ lease, usable }: Replica): boolean {
  return usable !== 0 && lease?.sequence === usable;
}

/** `leader in term 2, leaseholder; x=1 (n1.4)`: what is in brackets is not committed yet. */
function replicaText(replica: Replica): string {
  const { descriptor, standing, currentTerm, versions, intents } = replica;
  const keys = `[${descriptor.start || '-∞'}, ${descriptor.end ?? '+∞'})`;
  const role = `${standing} in term ${currentTerm}${isHeld(replica) ? ', leaseholder' : ''}`;
  const values = Object.entries(versions).map(([key, [{ value }]]) => `${key}=${String(value)}`);
  const provisional = Object.entries(intents).map(
    ([key, { value, transaction }]) => `(${key}=${String(value)} by ${transaction.id})`,
  );
  return [keys, role, ...values, ...provisional].join(' ');
}
