/** Ben-Or's consensus, as types. */
import type { NodeId, OperationId, Role } from '../../protocol/types.ts';

export type Bit = 0 | 1;

/** What a process received in one step of one round, in the order of arrival; its own is first. */
export type Received<Value> = { readonly from: NodeId; readonly value: Value }[];

interface Messages {
  /** Step 1: the value of the sender. */
  Report: { round: number; value: Bit };
  /** Step 2: the value that more than half of all reported (a D-message); null for "?". */
  Proposal: { round: number; value: Bit | null };
  /** The sender has decided. */
  Decision: { value: Bit };
}

export interface ParticipantState {
  /** Null until it proposes. */
  value: Bit | null;
  round: number;
  step: 'report' | 'proposal';
  /** Round → what came in it, for this round and later ones. */
  reports: Record<number, Received<Bit>>;
  proposals: Record<number, Received<Bit | null>>;
  decided: Bit | null;
  operation: OperationId | null;
}

export interface Participant {
  state: ParticipantState;
  receives: Messages;
  sends: Messages;
  timers: object;
  events: {
    RoundBegun: { round: number; value: Bit };
    Proposed: { round: number; value: Bit | null };
    CoinFlipped: { round: number; value: Bit };
    ValueAdopted: { round: number; value: Bit };
    Decided: { round: number | null; value: Bit };
  };
  options: { tolerates: number; undecided: string };
}

export const options: NonNullable<Role<Participant>['options']> = {
  tolerates: {
    kind: 'integer', default: 1, min: 0, max: 100,
    doc: 'How many processes may crash (the paper’s t): fewer than half of all.',
  },
  undecided: {
    kind: 'choice', default: 'coin', choices: ['coin', 'adopt'],
    doc: 'What follows a round without a proposed value: flip a coin, or adopt, without chance, ' +
      'the first value that another process reported.',
  },
};

export const events: Record<keyof Participant['events'], string> = {
  RoundBegun: 'A process began a round, and reports its value to all.',
  Proposed: 'A process proposes the value that more than half of all reported; null if none is.',
  CoinFlipped: 'No value was proposed to this process, and a coin gave it one.',
  ValueAdopted: 'No value was proposed to this process, and it took that of another one.',
  Decided: 'A process decided: by more proposals than may fail, or because another one has.',
};
