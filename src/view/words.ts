/** Moments, messages and steps in words, as panels, stacks and traces show them. */
import type { Micros, ParameterSpec } from '../protocol/types.ts';
import type { Action } from '../kernel/action.ts';
import { formatDuration } from '../kernel/text/duration.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Message, Pending } from '../kernel/pending.ts';
import { actionText } from '../kernel/text/action-text.ts';
import type { World } from '../kernel/world.ts';

type Body = Message['body'];

/** All fields of a message in a few words: `term 2, candidateId n3, entries 1`. */
export function fieldsText(body: Body): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(body))
    if (name !== 'type') parts.push(ownField(body.type, name, value));
  return parts.join(', ');
}

/** The few words that tell a message from others of its type: `AppendEntries term 2, entries 1`. */
export function labelText(body: Body): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    const first = parts.length === 0 && name !== 'type' && isScalar(value);
    const telling = typeof value === 'boolean' || (Array.isArray(value) && value.length > 0);
    if (first || telling) parts.push(ownField(body.type, name, value));
  }
  return [body.type, parts.join(', ')].filter((part) => part !== '').join(' ');
}

/** A field that is named as its message is told by its value alone: `Command SET x 1`. */
function ownField(type: string, name: string, value: unknown): string {
  if (name.toLowerCase() !== type.toLowerCase()) return fieldText(name, value);
  return shortText(Array.isArray(value) ? value.join(' ') : plainWords(value));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

function fieldText(name: string, value: unknown): string {
  if (value === true) return name;
  if (value === false) return `not ${name}`;
  if (Array.isArray(value)) return `${name} ${value.length}`;
  return `${name} ${shortText(plainWords(value)) || 'nothing'}`;
}

/** A record of scalars by its values, as a command is written: `put x 1`. */
function plainWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.values(value);
  return parts.every((part) => typeof part !== 'object') ? parts.join(' ') : value;
}

/** A value on one short line. */
export function shortText(value: unknown, most = 60): string {
  const isBare = typeof value === 'string' || typeof value === 'number';
  const text = isBare ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** An event with its fields: `TermChanged from 1, to 2`. */
export function eventText(event: {
  name: string;
  fields: Readonly<Record<string, unknown>>;
}): string {
  const fields = Object.entries(event.fields).map(([name, value]) => fieldText(name, value));
  return fields.length > 0 ? `${event.name} ${fields.join(', ')}` : event.name;
}

/**
 * What an action does, as the beginning of a sentence: `n2 receives RequestVote from n3`. The world
 * tells which arguments of an operation are durations.
 */
export function actionSentence(
  action: Action | Pending,
  effects: Effects | null,
  world?: World,
): string {
  // What comes next has no effects yet; a message that is about to arrive tells its type itself.
  const message = effects?.message ?? ('body' in action ? action : undefined);
  const type = message ? message.body.type : 'a message';
  switch (action.type) {
    case 'deliver':
      if (effects?.lost) return `${type} from ${action.from} to ${action.to} is lost`;
      return `${action.to} receives ${type} from ${action.from}`;
    case 'drop':
      return `${type} from ${action.from} to ${action.to} is dropped`;
    case 'duplicate':
      return `${type} from ${action.from} to ${action.to} is duplicated`;
    case 'delay':
      return `${type} from ${action.from} to ${action.to} is held up${forText(action.by)}`;
    case 'fire':
      return `the ${action.timer} timer of ${action.node} fires`;
    case 'invoke':
      return `${action.node} is asked to ${operationText(action, world)}`;
    case 'crash':
      return `${action.node} crashes`;
    case 'restart':
      return `${action.node} restarts`;
    case 'pause':
      return `${action.node} pauses${forText(action.for)}`;
    case 'resume':
      return `${action.node} wakes up`;
    case 'postponed':
      return actionSentence(action.action, effects, world);
    default:
      return actionText(action);
  }
}

function forText(duration: Micros | undefined): string {
  return duration === undefined ? '' : ` for ${formatDuration(duration)}`;
}

type Invoke = Extract<Action, { type: 'invoke' }>;

/** An action as a scenario has it: what is asked of a client is no JSON there. */
export function commandText(action: Action | Pending, world: World): string {
  if (action.type === 'postponed') return commandText(action.action, world);
  if (action.type !== 'invoke') return actionText(action);
  const waking = action.woken ? ' on waking' : '';
  return `${action.node} ${operationText(action, world)}${waking}`;
}

/** An operation with its arguments: `lock order42 ttl=10s`. */
function operationText({ node, operation, args }: Invoke, world: World | undefined): string {
  const { parameters = {} } = world?.node(node)?.cast.role.operations?.[operation] ?? {};
  const values = Object.entries(args).map(([name, value]) =>
    argumentText(name, value, (parameters as Record<string, ParameterSpec>)[name]),
  );
  return [operation, ...values].join(' ');
}

function argumentText(name: string, value: unknown, kind: ParameterSpec | undefined): string {
  const isDuration = typeof value === 'number' && kind?.startsWith('duration');
  const text = isDuration ? formatDuration(value) : shortText(value);
  return kind?.endsWith('?') ? `${name}=${text}` : text;
}

/** One sentence of what a step did: the action, then what was reported. */
export function stepSentence(action: Action | Pending, effects: Effects, world?: World): string {
  const parts = [actionSentence(action, effects, world)];
  if (effects.events.length > 0) parts.push(effects.events.map(eventText).join('; '));
  if (effects.failure) parts.push(`its handler threw: ${effects.failure.message}`);
  for (const reply of effects.replies) {
    parts.push(
      `${reply.operation} ${reply.ok ? 'is answered' : 'fails'}: ${shortText(reply.result)}`,
    );
  }
  const text = parts.join(' — ');
  // A sentence that begins with a node's name keeps it as it is written.
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
