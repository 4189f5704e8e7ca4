/** The view of the Sequence panel: messages, events, operations and faults of the last steps. */
import type { Action } from '../kernel/action.ts';
import {
  isOff, type MessageMoment, type Moment, type NodeMoment, type ProbeMoment, type StepEffects,
  type Upcoming, type Wording,
} from '../kernel/seam/moment.ts';
import { messageName } from '../kernel/text/action-text.ts';
import { labelMost } from '../kernel/text/data-text.ts';
import { allFields, eventDetails, messageLabel } from '../kernel/text/message-text.ts';
import { statusWords } from '../kernel/text/status-text.ts';
import type { Reading, WalkedStep } from '../session/read/reading.ts';
import { PanelClocks } from './clocks.ts';
import type { Outcome, SequenceItem, SequenceView } from './contract.ts';
import { sequenceToMermaid } from './mermaid.ts';
import { actionSentence } from './words.ts';

/** How many messages the panel draws, and how many of them may still be in flight. */
const messageWindow = 30;
const flightWindow = 8;
/** How many steps back the panel looks for messages to fill its window. */
const stepWindow = 150;

export function sequenceOf(reading: Reading): SequenceView {
  const { cursor, entered, inside, moment } = reading;
  const { step } = cursor;
  const items = new SequenceItems(new PanelClocks(reading));
  const isBooting = entered?.type === 'start';
  const from = step <= stepWindow ? 0 : step - stepWindow + 1;
  let actor: string | undefined;
  if (!isBooting) {
    reading.walk(from, (walked) => {
      items.note(walked);
      actor = walked.moment.nodes[walked.effects.acted]?.id;
    });
  }
  if (!inside || entered === null) return sequenceView(moment, items.finish(step, moment), actor);
  const number = isBooting ? 0 : step + 1;
  const action = entered.type === 'start' ? null : entered;
  items.note({ step: number, action, effects: inside.effects, moment: inside.moment });
  const acting = inside.moment.nodes[inside.effects.acted]?.id;
  return sequenceView(inside.moment, items.finish(number, inside.moment), acting);
}

/** A step, or the part of one that was executed so far. */
export interface NotedStep extends Omit<WalkedStep, 'action'> {
  readonly action: Action | Upcoming | null;
}

/** Collects the items of consecutive steps: call `note` for each step, then `finish` once. */
export class SequenceItems {
  private readonly items: SequenceItem[] = [];

  /** Without clocks, the items have none. */
  constructor(private readonly clocks?: PanelClocks) {}

  note({ step, action, effects, moment }: NotedStep): void {
    const { message, failure } = effects;
    const when = { step, current: false };
    const { wording } = moment;
    const { probe } = effects;
    if (message && effects.lost) {
      const outcome = effects.refused ? 'reset' : 'lost';
      this.items.push(this.message(message, outcome, step, wording));
    } else if (probe) this.items.push(probeItem(probe, step));
    else if (action?.type === 'deliver' && message) {
      const outcome = moment.refuses(message.body) ? 'refused' : 'delivered';
      this.items.push(this.message(message, outcome, step, wording));
    } else if (action !== null && isIntervention(action, effects)) {
      const type = isOperation(action) ? 'operation' : 'fault';
      const text = actionSentence(action, effects, moment);
      this.items.push({ type, nodes: nodesOf(action, moment), text, ...when });
    }
    if (failure) {
      const text = `${failure.node} threw: ${failure.message}`;
      this.items.push({ type: 'fault', nodes: [failure.node], text, ...when });
    }
    for (const event of effects.events) {
      const { node, name } = event;
      const fields = eventDetails(event, wording, labelMost);
      const index = moment.node(node)?.index ?? -1;
      const logicalClock = this.clocks?.event(index, step);
      const clock = logicalClock ? { logicalClock } : {};
      this.items.push({ type: 'event', node, name, fields, ...clock, ...when });
    }
    for (const sent of effects.sent) {
      if (sent.lost !== '') this.items.push(this.message(sent, 'lost', step, wording));
    }
  }

  private message(
    message: MessageMoment,
    outcome: Outcome,
    step: number,
    wording: Wording,
  ): SequenceItem {
    const item = messageItem(message, outcome, step, wording);
    const sentAt = this.clocks?.message(message);
    const hasArrived = outcome === 'delivered' || outcome === 'refused' || outcome === 'reset';
    const receivedAt = hasArrived ? this.clocks?.event(message.toIndex, step) : undefined;
    return { ...item, ...(sentAt && { sentAt }), ...(receivedAt && { receivedAt }) };
  }

  /** All items with those of the `current` step marked, then what is in flight at `moment`. */
  finish(current: number, { messages, wording }: Moment): SequenceItem[] {
    for (const item of this.items) item.current = item.step === current;
    const past = folded(this.items);
    const flying = messages.slice(0, flightWindow);
    const items = flying.map((one) => this.message(one, 'in-flight', one.cause, wording));
    return [...past, ...items];
  }
}

/** Messages that say the same, one after the other, become one row: the last of them. */
function folded(items: readonly SequenceItem[]): SequenceItem[] {
  const rows: SequenceItem[] = [];
  for (const item of items) {
    const before = rows.at(-1);
    if (before?.type === 'message' && item.type === 'message' && isAlike(before, item)) {
      const { times, since } = before.repeated ?? { times: 1, since: before.step };
      rows[rows.length - 1] = { ...item, repeated: { times: times + 1, since } };
    } else rows.push(item);
  }
  return rows;
}

type MessageItem = Extract<SequenceItem, { type: 'message' }>;

function isAlike(one: MessageItem, other: MessageItem): boolean {
  const { from, to, label, fields, outcome } = one;
  return (
    from === other.from && to === other.to && outcome === other.outcome &&
    label === other.label && fields === other.fields
  );
}

function messageItem(
  message: MessageMoment,
  outcome: Outcome,
  step: number,
  wording: Wording,
): SequenceItem {
  const { from, to } = message;
  const words = { label: messageLabel(message, wording), fields: allFields(message, wording) };
  const id = messageName(message);
  return { type: 'message', id, from, to, ...words, outcome, step, current: false };
}

const probeOutcomes = { alive: 'delivered', none: 'lost', reset: 'reset' } as const;

function probeItem({ from, to, connection, answer }: ProbeMoment, step: number): SequenceItem {
  const words = { label: 'keep-alive probe', fields: `connection ${connection}` };
  const outcome = probeOutcomes[answer];
  const id = `probe ${from} ${connection}`;
  return { type: 'message', id, from, to, ...words, outcome, step, current: false };
}

/**
 * An action that neither the network nor a timer takes by itself. A keep-alive timer that only
 * begins anew is not shown; one that gives up on the connection is.
 */
function isIntervention(
  action: Action | Upcoming,
  { events }: Pick<StepEffects, 'events'>,
): boolean {
  if (action.type === 'postponed') return isIntervention(action.action, { events });
  if (action.type === 'probe') return events.length > 0;
  return action.type !== 'deliver' && action.type !== 'fire' && action.type !== 'delay';
}

function isOperation(action: Action | Upcoming): boolean {
  if (action.type === 'postponed') return isOperation(action.action);
  return action.type === 'invoke';
}

/** The nodes that an operation or a fault concerns. A fault of the network may concern all. */
function nodesOf(action: Action | Upcoming, moment: Moment): string[] {
  if (action.type === 'postponed') return nodesOf(action.action, moment);
  if ('node' in action) return [action.node];
  const all = moment.nodes.map(({ id }) => id);
  if ((action.type === 'cut' || action.type === 'heal') && action.from && action.to) {
    return all.filter((id) => action.from!.includes(id) || action.to!.includes(id));
  }
  return all;
}

/** The last messages of `items`, with what happened between them. */
export function sequenceView(
  moment: Moment,
  items: readonly SequenceItem[],
  actor?: string,
): SequenceView {
  const isMessage = (item: SequenceItem) => item.type === 'message';
  const surplus = items.filter(isMessage).length - messageWindow;
  let skipped = 0;
  let from = 0;
  while (skipped < surplus) if (isMessage(items[from++])) skipped++;
  const shown = items.slice(from);
  const participants = moment.nodes.map((node) => ({ id: node.id, about: aboutNode(node) }));
  return {
    participants,
    items: shown,
    ...(actor === undefined ? {} : { actor }),
    before: Math.max(0, firstStep(shown[0]) - 1),
    mermaid: sequenceToMermaid(participants, shown),
  };
}

function firstStep(item: SequenceItem | undefined): number {
  if (item?.type === 'message' && item.repeated) return item.repeated.since;
  return item?.step ?? 1;
}

/** The state of a node now: `paused`, `leader`, `term 2`. Without a standing, its role. */
function aboutNode(node: NodeMoment): string[] {
  const { id, role, status, look } = node;
  const standing = isOff(status) ? '' : look.standing || (role === id ? '' : role);
  return [
    ...statusWords(node),
    ...(standing === '' ? [] : [standing]),
    ...(look.epoch ? [`${look.epoch.name} ${look.epoch.value}`] : []),
  ];
}
