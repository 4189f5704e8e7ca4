/**
 * The order in which a schedule is easiest to follow. Actions of different nodes that do not depend
 * on each other may change places (Mazurkiewicz, 1977): what follows from each stays the same.
 */
import type { Action } from '../../kernel/action.ts';
import type { Planned } from './schedule.ts';

/** The same actions with those together that are about the same thing. */
export function asStory(actions: readonly Planned[]): Planned[] {
  const before = dependencies(actions);
  const told = new Set<number>();
  const story: Planned[] = [];
  while (story.length < actions.length) {
    let best = -1;
    let score = -1;
    for (let i = 0; i < actions.length; i++) {
      if (told.has(i) || before[i].some((one) => !told.has(one))) continue;
      const close = closeness(story.at(-1), actions[i]);
      if (close > score) [best, score] = [i, close];
    }
    told.add(best);
    story.push(actions[best]);
  }
  return story;
}

/**
 * What must come before each action: the one before it at each node that it is about, at either end
 * of a message. Time and faults of the network are about all nodes.
 */
function dependencies(actions: readonly Planned[]): number[][] {
  const last = new Map<string, number>();
  let barrier = -1;
  return actions.map(({ action }, i) => {
    const nodes = nodesOf(action);
    const isWide = nodes === undefined || (i > 0 && action.at !== actions[i - 1].action.at);
    if (isWide) {
      const all = Array.from({ length: i }, (_, one) => one);
      barrier = i;
      for (const node of nodes ?? []) last.set(node, i);
      return all;
    }
    // All that the sender did before comes first: one of these actions sent the message.
    const senders = action.type === 'deliver' ? [action.from] : [];
    const before = [...nodes, ...senders].flatMap((node) => last.get(node) ?? []);
    for (const node of nodes) last.set(node, i);
    return barrier < 0 ? before : [...before, barrier];
  });
}

function nodesOf(action: Action): string[] | undefined {
  switch (action.type) {
    case 'deliver':
      return [action.to, `${action.from}->${action.to}`];
    case 'drop':
    case 'duplicate':
    case 'delay':
      return [action.from, action.to, `${action.from}->${action.to}`];
    case 'invoke':
    case 'fire':
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
    case 'disk':
    case 'synced':
    case 'skew':
      return [action.node];
    default:
      return undefined;
  }
}

function closeness(before: Planned | undefined, { action, body }: Planned): number {
  if (before === undefined) return 0;
  const isSameKind = body !== undefined && body.type === before.body?.type;
  const one = endsOf(before.action);
  const other = endsOf(action);
  if (isSameKind && (one.from === other.from || one.to === other.to)) return 3;
  if (one.to !== undefined && one.to === other.to) return 2;
  return one.to !== undefined && one.to === other.from ? 1 : 0;
}

function endsOf(action: Action): { from?: string; to?: string } {
  if ('ordinal' in action) return { from: action.from, to: action.to };
  return 'node' in action ? { from: action.node, to: action.node } : {};
}
