/** Lamport's mutual exclusion, as types. */
import type { NodeId, OperationId, Role } from '../../protocol/types.ts';
import { heldBack, numbered, type NumberedLinks } from '../shared/numbered-links.ts';

/** "Tm:Pi requests resource": its timestamp, and the process that made it. */
export type Request = { readonly time: number; readonly of: NodeId };

interface Stamped {
  /** The timestamp of the message; of a request, also that of the request. */
  time: number;
  /** Counts the messages of this link. */
  number: number;
}

interface Messages {
  Request: Stamped;
  Acknowledgement: Stamped;
  Release: Stamped;
}

export type AnyMessage = {
  [Type in keyof Messages]: { readonly type: Type } & Readonly<Stamped>;
}[keyof Messages];

export interface ParticipantState {
  /** The logical clock. */
  clock: number;
  /** The requests that are not released, as far as this process knows; its own among them. */
  queue: Request[];
  /** Process → the timestamp of the last message from it. */
  heard: Record<NodeId, number>;
  /** Its own request, while it waits or holds the resource. */
  own: Request | null;
  operation: OperationId | null;
  holds: boolean;
  links: NumberedLinks<AnyMessage>;
}

export interface Participant {
  state: ParticipantState;
  receives: Messages;
  sends: Messages;
  timers: object;
  events: {
    ResourceRequested: { time: number };
    RequestQueued: { of: NodeId; time: number };
    MessageHeldBack: { from: NodeId; number: number };
    ResourceGranted: { time: number };
    ResourceReleased: { time: number };
  };
  options: { numbered: boolean; waitsForReplies: boolean };
}

export const options: NonNullable<Role<Participant>['options']> = {
  numbered,
  waitsForReplies: {
    kind: 'boolean',
    default: true,
    doc: 'Condition (ii): wait for a later message from each other process before entering.',
  },
};

export const events: Record<keyof Participant['events'] | 'TwoInside', string> = {
  ResourceRequested: 'A process asked all others for the resource (rule 1).',
  RequestQueued: 'A process put a request of another one into its queue (rule 2).',
  MessageHeldBack: heldBack,
  ResourceGranted: 'A process has the resource: both conditions of rule 5 hold.',
  ResourceReleased: 'A process gave the resource up, and told all others (rule 3).',
  TwoInside: 'A process got the resource while another one has it.',
};
