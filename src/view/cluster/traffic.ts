/** What is between the nodes: messages in flight, arrived and lost, and connections. */
import type { MessageMoment, Moment, StepEffects } from '../../kernel/seam/moment.ts';
import { messageName } from '../../kernel/text/action-text.ts';
import { allFields, messageDetails } from '../../kernel/text/message-text.ts';
import type { PanelClocks } from '../clocks.ts';
import type { LogicalClockView } from '../logical-clock-view.ts';
import type { ConnectionView, LostView, MessageView } from './cluster-view.ts';

/** How many messages in flight are shown: those that arrive first. */
const messageWindow = 60;

export function messageViews(
  moment: Moment,
  effects: StepEffects | null,
  clocks: PanelClocks | undefined,
): MessageView[] {
  const fresh = new Set(effects?.sent);
  return moment.messages.slice(0, messageWindow).map((message) => {
    return { ...messageView(moment, message, clocks), fresh: fresh.has(message) };
  });
}

export function unseenMessages({ messages }: Moment): number {
  return Math.max(0, messages.length - messageWindow);
}

function messageView(
  moment: Moment,
  message: MessageMoment,
  clocks: PanelClocks | undefined,
): MessageView {
  const { upcoming, time, wording } = moment;
  const span = message.at - message.sentAt;
  const progress = span > 0 ? Math.min(1, Math.max(0, (time - message.sentAt) / span)) : 1;
  return {
    id: messageName(message),
    from: message.from,
    to: message.to,
    type: message.body.type,
    details: messageDetails(message, wording),
    fields: allFields(message, wording),
    refusal: moment.refuses(message.body),
    progress,
    left: Math.max(0, message.at - time),
    next: message === upcoming,
    fresh: false,
    ...clockPart(clocks?.message(message)),
  };
}

export function clockPart(logicalClock: LogicalClockView | undefined) {
  return logicalClock ? { logicalClock } : {};
}

/** The message that a step delivered. */
export function arrivedMessage(
  moment: Moment,
  effects: StepEffects | null,
  clocks: PanelClocks | undefined,
): MessageView | undefined {
  const message = effects?.message;
  if (!message || effects.lost || message.toIndex !== effects.acted) return undefined;
  return { ...messageView(moment, message, clocks), progress: 1, left: 0 };
}

/** Those that a step sent in vain, and the one that did not reach its receiver. */
export function lostMessages(
  moment: Moment,
  effects: StepEffects | null,
  clocks: PanelClocks | undefined,
): LostView[] {
  if (effects === null) return [];
  const { message, lost, refused, again, sent } = effects;
  const view = (one: MessageMoment): LostView => {
    const own = messageView(moment, one, clocks);
    // On a cut link, it gets as far as the wall.
    const isCut = moment.isCut(one.fromIndex, one.toIndex);
    return { ...own, progress: isCut ? 0.42 : own.progress, refused: false };
  };
  return [
    ...(message !== null && lost
      ? [{ ...view(message), refused, ...(again >= 0 && { again: again - moment.time }) }]
      : []),
    ...sent.filter((one) => one.lost !== '').map((one) => ({ ...view(one), progress: 0.42 })),
  ];
}

/** One entry for each pair of nodes of which a host knows a connection with the other. */
export function connectionViews({ nodes, time }: Moment): ConnectionView[] {
  const byPair = new Map<string, Pair>();
  for (const node of nodes) {
    for (const { peer, status, waiting, againAt } of node.connections) {
      const pair: [string, string] = node.id < peer ? [node.id, peer] : [peer, node.id];
      const name = JSON.stringify(pair);
      const known = byPair.get(name) ?? { nodes: pair, ends: [], waiting: [] };
      byPair.set(name, known);
      known.ends.push({ at: node.id, status });
      if (waiting > 0) {
        known.waiting.push({ at: node.id, count: waiting, left: Math.max(0, againAt - time) });
      }
    }
  }
  return [...byPair.values()].map(({ nodes: pair, ends, waiting }) => {
    const knownBy = pair.filter((id) => ends.some(({ at }) => at === id));
    return { nodes: pair, state: stateOf(ends, knownBy.length), knownBy, waiting };
  });
}

interface Pair {
  nodes: [string, string];
  ends: { at: string; status: 'opening' | 'open' | 'closing' }[];
  waiting: ConnectionView['waiting'];
}

function stateOf(ends: Pair['ends'], knowing: number): ConnectionView['state'] {
  // While one end opens or closes it, the other may not know it yet or any more.
  if (ends.some(({ status }) => status === 'closing')) return 'closing';
  if (ends.some(({ status }) => status === 'opening')) return 'opening';
  return knowing === 1 ? 'half-open' : 'open';
}
