/** What `lockstep before` found, as JSON. */
import { messageName } from '../../kernel/text/action-text.ts';
import {
  type BeforeAnswer, beforeText, type CarriedBy, type NamedEvent,
} from '../../kernel/text/causality-text.ts';
import { vectorFields } from '../../kernel/text/clocks-text.ts';
import type { NodeId } from '../../protocol/types.ts';

type Nodes = readonly { readonly id: NodeId }[];

/** `first` is 0 or 1: of two events of one step, the one that it reported first. */
export function beforeObject(answer: BeforeAnswer, nodes: Nodes): object {
  const isOrdered = answer.type === 'before' || answer.type === 'after';
  return {
    order: answer.type,
    ...(answer.type === 'same' && answer.first !== undefined && { first: answer.first }),
    events: answer.events.map((event) => eventObject(event, nodes)),
    ...(isOrdered && { chain: answer.chain.map(hopObject) }),
    lines: beforeText(answer, nodes).split('\n'),
  };
}

function eventObject({ node, name, isStep, occurrence }: NamedEvent, nodes: Nodes): object {
  const { step, lamport } = occurrence;
  const what = isStep ? { action: name } : { event: name };
  return { node, ...what, step, lamport, vector: vectorFields(occurrence, nodes) };
}

function hopObject({ message, sentIn, receivedIn }: CarriedBy): object {
  const { from, to, body } = message;
  return { message: messageName(message), type: body.type, from, to, sentIn, receivedIn };
}
