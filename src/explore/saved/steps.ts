/** The steps of a scenario that take the actions of a schedule, and nothing else. */
import { commandContext } from '../../check/console.ts';
import type { Action } from '../../kernel/action.ts';
import { equal } from '../../kernel/data/plain.ts';
import type { Message } from '../../kernel/pending.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import { actionText, messageName } from '../../kernel/text/action-text.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import type { World } from '../../kernel/world.ts';
import { type CommandContext, parseCommand } from '../../scenario/commands/command.ts';
import { resolveAction } from '../../scenario/commands/resolve.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Schedule } from '../shrink/schedule.ts';
import { operationText } from './operation-text.ts';

/** Lines of `steps`; a comment begins with `#`. */
export interface Steps {
  readonly lines: readonly string[];
  /** Whether time passes in them. */
  readonly isTimed: boolean;
}

/**
 * Undefined if the command language has no words for one of the actions, or one is not possible.
 * What happens by itself while a step waits is not written.
 */
export function stepsOf(
  scenario: Scenario,
  { setup, actions }: Schedule,
  /** Comments above the line of an action, by its index. */
  comments: ReadonlyMap<number, readonly string[]> = new Map(),
): Steps | undefined {
  const own = ownActions(start(setup, []), actions.map(({ action }) => action));
  if (own === undefined) return undefined;
  const context = commandContext(scenario, [...setup.nodes, ...addedBy(actions)]);
  const world = start(setup, []);
  const lines: string[] = [];
  let now = 0;
  const waitUntil = (at: number) => {
    if (at > now) lines.push(`wait ${formatDuration(at - now)}`);
    now = Math.max(now, at);
  };
  for (const [i, { action }] of actions.entries()) {
    lines.push(...(comments.get(i) ?? []).map((text) => `# ${text}`));
    if (!own[i]) {
      waitUntil(action.at);
      takeDue(world, now);
      const line = lineOf(action, world, context);
      if (line === undefined) return undefined;
      lines.push(line);
    }
    if (!step(world, asPending(world, action))) return undefined;
  }
  waitUntil(actions.at(-1)?.action.at ?? 0);
  return { lines, isTimed: now > 0 };
}

/**
 * Which actions come by themselves in the wait before the next step that is written. What is due
 * just when a step acts comes after it, so it must be written if it came before. The world is
 * stepped. Undefined if an action is not possible.
 */
export function ownActions(world: World, actions: readonly Action[]): boolean[] | undefined {
  const own: boolean[] = [];
  let now = world.time;
  for (const [i, action] of actions.entries()) {
    own[i] = action.at > now && action.step === undefined && isNext(world, action);
    if (!own[i]) {
      now = Math.max(now, action.at);
      for (let before = i - 1; own[before] && actions[before].at >= now; before--) {
        own[before] = false;
      }
    }
    if (!step(world, asPending(world, action))) return undefined;
  }
  return own;
}

function addedBy(actions: Schedule['actions']) {
  return actions.flatMap(({ action }) =>
    action.type === 'add' ? [{ id: action.node, role: action.role }] : [],
  );
}

/** Whether an action is the one that the world takes next by itself. */
function isNext(world: World, action: Action): boolean {
  const next = world.next();
  if (next === undefined || Math.max(next.at, world.time) !== action.at) return false;
  if (next.type === 'fire') {
    return action.type === 'fire' && next.node === action.node &&
      next.timer === action.timer && next.key === action.key;
  }
  if (next.type === 'deliver') {
    return action.type === 'deliver' && next.ordinal === action.ordinal &&
      next.copy === action.copy && next.from === action.from && next.to === action.to;
  }
  return equal({ ...next.action, at: 0 }, { ...action, at: 0 });
}

/** Nothing is due before an action of a schedule that is not in the schedule itself. */
function takeDue(world: World, until: number): void {
  for (let next = world.next(); next !== undefined && next.at < until; next = world.next()) {
    if (!step(world, next)) return;
  }
}

function lineOf(action: Action, world: World, context: CommandContext): string | undefined {
  switch (action.type) {
    case 'invoke': {
      const text = operationText(action, context);
      return text && `start ${text}`;
    }
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return messageLine(action, world, context);
    default: {
      const text = actionText(action);
      return 'fault' in parseCommand(text, context) ? undefined : text;
    }
  }
}

type OfMessage = Extract<Action, { type: 'deliver' | 'drop' | 'duplicate' }>;

/**
 * By its type if that means this message, because a type survives an edit of the protocol that
 * sends one message more or less; else by its name.
 */
function messageLine(action: OfMessage, world: World, context: CommandContext): string | undefined {
  const message = world.message(action);
  if (message === undefined) return undefined;
  const byType = `${action.type} ${action.from}->${action.to} ${message.body.type}`;
  return isMeant(byType, message, world, context)
    ? byType
    : `${action.type} ${messageName(action)}`;
}

function isMeant(text: string, message: Message, world: World, context: CommandContext): boolean {
  const parsed = parseCommand(text, context);
  if ('fault' in parsed) return false;
  const { command } = parsed;
  if (command.type !== 'deliver' && command.type !== 'drop' && command.type !== 'duplicate') {
    return false;
  }
  const resolved = resolveAction(command, 0, world);
  if (resolved.type !== 'action' || !('ordinal' in resolved.action)) return false;
  const { ordinal, copy } = resolved.action;
  return ordinal === message.ordinal && copy === message.copy;
}
