/** The words of the Cluster panel about what is between the nodes: messages, links and walls. */
import { timeText } from '../../kernel/text/duration.ts';
import { cutLinks } from '../cluster/cut-links.ts';
import type {
  ClusterView,
  ConnectionView,
  LostView,
  MessageView,
} from '../cluster/cluster-view.ts';
import { logicalClockText } from './moment.ts';

export const labels = {
  messages: 'Messages',
  messagesInFlight: 'Messages in flight',
  noMessages: 'No message is in flight.',
  next: 'next',
  justSent: 'just sent',
  refusal: 'refusal',
  deliverNow: 'Deliver now',
} as const;

export function messageDetails({ details, left }: MessageView): string {
  return [details, `due in ${timeText(left)}`].filter((part) => part !== '').join(' · ');
}

export function deliverLabel({ type, from, to }: MessageView): string {
  return `${labels.deliverNow}: ${type} from ${from} to ${to}`;
}

export function unseenText(count: number): string {
  return `and ${count} more that arrive later`;
}

/** The name of a message for assistive tools. */
export function messageInWords({ type, from, to, refusal, next, left }: MessageView): string {
  const words = [
    `${type} from ${from} to ${to}`,
    ...(refusal ? [labels.refusal] : []),
    `due in ${timeText(left)}`,
    ...(next ? [labels.next] : []),
  ];
  return words.join(', ');
}

/** The summary of a message, then all of its fields if they say more. */
export function markerTitle(message: MessageView): string {
  return titleOf(message, `due in ${timeText(message.left)}`);
}

export function arrivedTitle(message: MessageView): string {
  return titleOf(message, 'arrived with the last action');
}

export function lostTitle(message: LostView): string {
  if (message.refused) return titleOf(message, 'refused: connection reset');
  const { again } = message;
  return titleOf(
    message,
    again === undefined ? 'lost' : `lost; sent again in ${timeText(again)}`,
  );
}

function titleOf(message: MessageView, fate: string): string {
  const { type, from, to, details, fields, refusal, logicalClock } = message;
  const all = fields === details ? '' : fields;
  const sent = logicalClock ? `sent at ${logicalClockText(logicalClock)}` : '';
  const lines = [
    `${type}, ${from} → ${to}${refusal ? `, ${labels.refusal}` : ''}`,
    details,
    all,
    fate,
    sent,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

// Links

/** A link that is drawn: what is cut of it, and the connection on it. */
export interface LinkState {
  nodes: [string, string];
  cuts: { from: string; to: string }[];
  /** Whether a wall between islands crosses it. */
  isWalled: boolean;
  connection?: ConnectionView;
}

export function linkInWords({
  nodes: [one, other],
  cuts,
  isWalled,
  connection,
}: LinkState): string {
  const [cut] = cuts;
  return [
    `link ${one} – ${other}`,
    ...(isWalled ? ['a partition divides it'] : []),
    ...(cuts.length > 1 ? ['cut in both directions'] : []),
    ...(cuts.length === 1 && cut ? [`${cut.from} cannot reach ${cut.to}`] : []),
    ...(connection ? [connectionInWords(connection)] : []),
  ].join(', ');
}

function connectionInWords({ state, knownBy, waiting }: ConnectionView): string {
  const words =
    state === 'half-open' ? `only ${knownBy[0]} knows the connection` : `connection ${state}`;
  const again = waiting.map(({ at, count, left }) => {
    const messages = count === 1 ? '1 message' : `${count} messages`;
    return `${messages} of ${at} sent again in ${timeText(left)}`;
  });
  return [words, ...again].join(', ');
}

/** What is wrong with a connection, at its link; empty if it is open and nothing waits. */
export function connectionMark({ state, waiting }: ConnectionView): string {
  const count = waiting.reduce((sum, one) => sum + one.count, 0);
  const left = Math.min(...waiting.map((one) => one.left));
  const again = count > 0 ? [`↻ ${count} in ${timeText(left)}`] : [];
  return [...(state === 'open' ? [] : [state]), ...again].join(' · ');
}

/** Which nodes cannot reach which; empty if no link is cut. */
export function divisionInWords({
  islands,
  cuts,
}: Pick<ClusterView, 'islands' | 'cuts'>): string {
  if (islands.length > 0) {
    const groups = islands.map((ids, index) => `part ${index + 1}: ${ids.join(', ')}`);
    return `The network is partitioned: ${groups.join('; ')}.`;
  }
  if (cuts.length === 0) return '';
  const pairs = cutLinks(cuts).map(
    ({ from, to, bothWays }) => `${from} ${bothWays ? '↔' : '→'} ${to}`,
  );
  return `Cut links: ${pairs.join(', ')}.`;
}
