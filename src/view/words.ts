/** Actions, messages and events in words, as panels and traces show them. */
import type { Micros } from '../protocol/types.ts';
import type { ParameterSpec } from '../protocol/values.ts';
import type { Action } from '../kernel/action.ts';
import type { MessageMoment, Moment, StepEffects, Upcoming } from '../kernel/seam/moment.ts';
import { actionText } from '../kernel/text/action-text.ts';
import { formatDuration } from '../kernel/text/duration.ts';

type Body = MessageMoment['body'];
type Invoke = Extract<Action, { type: 'invoke' }>;

/** All fields of a message: `term 2, candidateId n3, entries 1`. */
export function fieldsText(body: Body): string {
  return Object.entries(body)
    .filter(([name]) => name !== 'type')
    .map(([name, value]) => messageField(body.type, name, value))
    .join(', ');
}

/**
 * A message with the few fields that distinguish it from others of its type: the first scalar,
 * booleans, and lists that are not empty. `AppendEntries term 2, entries 1`.
 */
export function labelText(body: Body): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    const isFirst = parts.length === 0 && name !== 'type' && isScalar(value);
    const isDistinctive = typeof value === 'boolean' || (Array.isArray(value) && value.length > 0);
    if (isFirst || isDistinctive) parts.push(messageField(body.type, name, value));
  }
  return [body.type, parts.join(', ')].filter((part) => part !== '').join(' ');
}

/** A field with the name of its message needs no name: `Command SET x 1`. */
function messageField(type: string, name: string, value: unknown): string {
  if (name.toLowerCase() !== type.toLowerCase()) return fieldText(name, value);
  return shortText(Array.isArray(value) ? value.join(' ') : withoutKeys(value));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

function fieldText(name: string, value: unknown): string {
  if (value === true) return name;
  if (value === false) return `not ${name}`;
  if (Array.isArray(value)) return `${name} ${value.length}`;
  return `${name} ${shortText(withoutKeys(value)) || 'nothing'}`;
}

/** A record of scalars as its values, the way a command is written: `put x 1`. */
function withoutKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.values(value);
  return parts.every((part) => typeof part !== 'object') ? parts.join(' ') : value;
}

/** A value on one line, cut to `lengthMax` characters. */
export function shortText(value: unknown, lengthMax = 60): string {
  const isBare = typeof value === 'string' || typeof value === 'number';
  const text = isBare ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}

type ProtocolEvent = Pick<StepEffects['events'][number], 'name' | 'fields'>;

/** `TermChanged from 1, to 2`. */
export function eventText(event: ProtocolEvent): string {
  return [event.name, eventFields(event)].filter((part) => part !== '').join(' ');
}

export function eventFields({ fields }: ProtocolEvent): string {
  return Object.entries(fields)
    .map(([name, value]) => fieldText(name, value))
    .join(', ');
}

/** What an action does, or did if its effects are known: `n2 receives RequestVote from n3`. */
export function actionSentence(
  action: Action | Upcoming,
  effects: StepEffects | null,
  moment: Pick<Moment, 'parameters'>,
): string {
  // Before it is delivered there are no effects, but a message in flight knows its own type.
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
    case 'delay': {
      const delay = formatDuration(action.by);
      return `${type} from ${action.from} to ${action.to} is delayed by ${delay}`;
    }
    case 'fire':
      return `${action.node}'s ${action.timer} timer fires`;
    case 'invoke':
      return `${action.node} invokes ${operationText(action, moment)}`;
    case 'crash':
      return `${action.node} crashes`;
    case 'add':
      return `${action.node} is added as ${action.role}`;
    case 'restart':
      return `${action.node} restarts`;
    case 'pause':
      return `${action.node} pauses${forText(action.for)}`;
    case 'resume':
      return `${action.node} resumes`;
    case 'postponed':
      return actionSentence(action.action, effects, moment);
    case 'partition':
    case 'cut':
    case 'heal':
    case 'skew':
    case 'network':
      return actionText(action);
  }
}

function forText(duration: Micros | undefined): string {
  return duration === undefined ? '' : ` for ${formatDuration(duration)}`;
}

/** Whether the command of an action (see `commandText`) says all that its sentence does. */
export function isCommandEnough(action: Action | Upcoming): boolean {
  switch (action.type) {
    case 'invoke':
    case 'partition':
    case 'cut':
    case 'heal':
    case 'skew':
    case 'network':
      return true;
    case 'postponed':
      return isCommandEnough(action.action);
    default:
      return false;
  }
}

/** An action as a scenario writes it. Unlike in traces, arguments of an operation are not JSON. */
export function commandText(
  action: Action | Upcoming,
  moment: Pick<Moment, 'parameters'>,
): string {
  if (action.type === 'postponed') return commandText(action.action, moment);
  if (action.type !== 'invoke') return actionText(action);
  const waking = action.woken ? ' on waking' : '';
  return `${action.node} ${operationText(action, moment)}${waking}`;
}

/** An operation with its arguments: `lock order42 ttl=10s`. */
function operationText(action: Invoke, moment: Pick<Moment, 'parameters'>): string {
  const parameters = moment.parameters(action.node, action.operation);
  const values = Object.entries(action.args).map(([name, value]) =>
    argumentText(name, value, parameters[name]),
  );
  return [action.operation, ...values].join(' ');
}

function argumentText(name: string, value: unknown, spec: ParameterSpec | undefined): string {
  const isDuration = spec?.startsWith('duration') === true;
  const text = Array.isArray(value)
    ? `[${value.map((item) => itemText(item, isDuration)).join(', ')}]`
    : valueText(value, isDuration);
  return spec?.endsWith('?') ? `${name}=${text}` : text;
}

function valueText(value: unknown, isDuration: boolean): string {
  return isDuration && typeof value === 'number' ? formatDuration(value) : shortText(value);
}

/** An item of a list as a command writes it: with quotes if it would be read as anything else. */
function itemText(item: unknown, isDuration: boolean): string {
  const isWord = typeof item !== 'string' || plainWord.test(item);
  return isWord ? valueText(item, isDuration) : JSON.stringify(item);
}

const plainWord = /^(?!(true|false|null)$)[A-Za-z_][\w.:@/-]*$/;
