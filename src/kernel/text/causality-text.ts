/** Happened-before in words, for the editor and the command line alike. */
import type { NodeId } from '../../protocol/types.ts';
import { type PointProblem, pointText } from '../causality/point.ts';
import type { Occurrence } from '../seam/causality.ts';
import type { MessageMoment, Wording } from '../seam/moment.ts';
import { messageName } from './action-text.ts';
import { clocksText } from './clocks-text.ts';
import { messageLabel } from './message-text.ts';

/** An event as the user named it: `name` is an event of its protocol, an action or `start`. */
export interface NamedEvent {
  readonly node: NodeId;
  /** True if the user named the step, whose action is the name. */
  readonly isStep?: true;
  readonly name: string;
  readonly occurrence: Occurrence;
}

/** A message of a chain. */
export interface CarriedBy {
  readonly message: MessageMoment;
  readonly wording: Wording;
  readonly sentIn: number;
  readonly receivedIn: number;
}

type Pair = readonly [NamedEvent, NamedEvent];

export type BeforeAnswer =
  | {
      readonly type: 'before' | 'after';
      readonly events: Pair;
      readonly chain: readonly CarriedBy[];
    }
  | { readonly type: 'concurrent'; readonly events: Pair }
  /** Both are of one step, which reported the `first` of them before the other, if it did. */
  | { readonly type: 'same'; readonly events: Pair; readonly first?: 0 | 1 };

/** Which of two events happened before the other, and how the one could know of the other. */
export function beforeText(
  answer: BeforeAnswer,
  nodes: readonly { readonly id: NodeId }[],
): string {
  const [one, other] = answer.events;
  const events = answer.events.map(
    (event) => `  ${eventName(event)}: ${clocksText(event.occurrence, nodes)}`,
  );
  switch (answer.type) {
    case 'same': {
      const { first } = answer;
      const step = `step ${one.occurrence.step} of ${one.node}`;
      if (first === undefined) return [`the same event: both are of ${step}`, ...events].join('\n');
      const order = `both are of ${step}, which reported ${answer.events[first].name} first`;
      return [`${first === 0 ? 'before' : 'after'}: ${order}`, ...events].join('\n');
    }
    case 'concurrent':
      return [
        'concurrent: neither could have known. No chain of messages leads from one to the other.',
        ...events,
        `  ${knowledge(one, other)}; ${knowledge(other, one)}.`,
      ].join('\n');
    default: {
      const { type, chain } = answer;
      if (chain.length === 0) {
        const why = `${one.node} does one thing after the other`;
        return [`${type}: both are events of one node, and ${why}`, ...events].join('\n');
      }
      const messages = chain.map((hop) => `  ${hopText(hop)}`);
      return [`${type}, through this chain of messages:`, ...messages, ...events].join('\n');
    }
  }
}

function hopText({ message, wording, sentIn, receivedIn }: CarriedBy): string {
  const left = sentIn === 0 ? 'sent at the start' : `sent in step ${sentIn}`;
  const label = messageLabel(message, wording);
  return `${messageName(message)} ${label}: ${left}, received in step ${receivedIn}`;
}

function eventName({ node, name, isStep, occurrence: { step } }: NamedEvent): string {
  return isStep ? `step ${step}, ${name}` : `step ${step}, ${name} of ${node}`;
}

/** What one event knows of the node of another: fewer of its events than that one. */
function knowledge(one: NamedEvent, other: NamedEvent): string {
  const { node, vector } = other.occurrence;
  const known = one.occurrence.vector[node] ?? 0;
  const count = vector[node];
  return `step ${one.occurrence.step} knows ${known} of the first ${count} events of ${other.node}`;
}

/** Why a text does not name an event, and what to do. */
export function pointProblemText(problem: PointProblem): string {
  switch (problem.type) {
    case 'form':
      return (
        `\`${problem.text}\` does not name an event: give a step such as 12, or a node and ` +
        'one of its events, such as n1:LeaderElected or n1:LeaderElected#2'
      );
    case 'unknown node':
      return `there is no node \`${problem.node}\`: use ${list(problem.known)}`;
    case 'unknown event': {
      const { name, similar } = problem;
      const hint = similar === undefined ? '' : ` (did you mean \`${similar}\`?)`;
      return `the protocol has no event \`${name}\`${hint}`;
    }
    case 'no such step':
      return `step ${problem.step} does not exist: this run has ${problem.length}`;
    case 'start':
      return `every node boots in step 0: name one of them, as in ${problem.known[0]}:start`;
    case 'no node':
      return (
        `step ${problem.step} (${problem.action}) is not an event of a node: ` +
        'name a step in which a node acts'
      );
    case 'not booted':
      return `${problem.node} did not boot at the start: name the step that started it`;
    case 'not reported':
      return notReported(problem);
  }
}

function notReported({ point, found, step }: Extract<PointProblem, { type: 'not reported' }>) {
  const name = pointText(point);
  if (found === 0) return `${name} has not happened up to step ${step}: name another event`;
  const times = found === 1 ? 'once' : `${found} times`;
  return `${name} has not happened up to step ${step}, by which it happened ${times}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} …` : shown;
}
