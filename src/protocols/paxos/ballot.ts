/** Ballots: the proposal numbers of Paxos, totally ordered and never used by two proposers. */
// "Different proposers choose their numbers from disjoint sets of numbers" ("Paxos Made Simple",
// §2.5): a ballot is a number and, behind it, the proposer that uses it.
import type { NodeId } from '../../protocol/types.ts';

/** `3.p1`: the ballot of the proposer p1 with the number 3. */
export type Ballot = string;

export function ballotOf(number: number, proposer: NodeId): Ballot {
  return `${number}.${proposer}`;
}

/** The number of a ballot; 0 for none. */
export function numberOf(ballot: Ballot | null): number {
  return ballot === null ? 0 : Number.parseInt(ballot, 10);
}

export function proposerOf(ballot: Ballot): NodeId {
  return ballot.slice(ballot.indexOf('.') + 1);
}

/** Whether `a` comes before `b`: by number, then by the proposer's name. Null is before all. */
export function isBelow(a: Ballot | null, b: Ballot | null): boolean {
  if (a === null || b === null) return a === null && b !== null;
  const [first, second] = [numberOf(a), numberOf(b)];
  return first === second ? proposerOf(a) < proposerOf(b) : first < second;
}

/** The last ballots of each node: those that it began, and those whose messages have arrived. */
export interface Begun {
  began: Record<NodeId, Ballot>;
  arrived: Record<NodeId, Ballot>;
}

/**
 * Notes the ballots that a node began in this step; a sentence if it had begun a later one. A crash
 * may take the number of a ballot that was not on disk yet: no message of that ballot was sent.
 */
export function whyNotNew(
  { acted, events, message }: {
    readonly acted: { readonly id: NodeId; readonly up: boolean } | undefined;
    readonly events: readonly { readonly name: string; readonly fields: unknown }[];
    readonly message:
      | { readonly from: NodeId; readonly body: { readonly type: string } }
      | undefined;
  },
  { began, arrived }: Begun,
): string | undefined {
  if (message?.body.type === 'Phase1a') {
    const { from, body } = message;
    const { ballot } = body as unknown as { ballot: Ballot };
    noteHighest(arrived, from, ballot);
  }
  if (acted === undefined) return undefined;
  const { id, up } = acted;
  if (!up) {
    delete began[id];
    if (arrived[id] !== undefined) began[id] = arrived[id];
  }
  for (const event of events) {
    if (event.name !== 'BallotStarted') continue;
    const { ballot } = event.fields as { ballot: Ballot };
    const last = began[id] ?? null;
    if (!isBelow(last, ballot)) return `${id} began ballot ${ballot} after ${last}.`;
    began[id] = ballot;
  }
  return undefined;
}

/** Notes a ballot of a node, unless a higher one is noted. */
export function noteHighest(of: Record<NodeId, Ballot>, id: NodeId, ballot: Ballot): void {
  if (isBelow(of[id] ?? null, ballot)) of[id] = ballot;
}

export function higherOf(a: Ballot | null, b: Ballot | null): Ballot | null {
  return isBelow(a, b) ? b : a;
}
