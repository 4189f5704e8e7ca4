/** An operation in the command language, with its arguments as a person would write them. */
import { actionText } from '../../kernel/text/action-text.ts';
import { equal } from '../../kernel/data/plain.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import type { Action } from '../../kernel/action.ts';
import type { Json } from '../../protocol/types.ts';
import { type CommandContext, parseCommand } from '../../scenario/commands/command.ts';

type Invoke = Extract<Action, { type: 'invoke' }>;

/**
 * `p1 propose red`: the values in the order of the parameters, by name after one that is left out.
 * The text is read again, to be sure that it means the same.
 */
export function operationText(action: Invoke, context: CommandContext): string | undefined {
  const role = context.nodes.find(({ id }) => id === action.node)?.role ?? '';
  const parameters = context.protocol.roles[role]?.operations?.[action.operation]?.parameters ?? {};
  const given = Object.keys(parameters).filter((name) => action.args[name] !== undefined);
  const all = Object.keys(parameters);
  const valueOf = (name: string, write: (value: Json) => string) => {
    const value = action.args[name];
    return parameters[name].startsWith('duration') ? durations(value) : write(value);
  };
  const ways: ((name: string, i: number) => string)[] = [
    (name, i) => `${all[i] === name ? '' : `${name}=`}${valueOf(name, word)}`,
    (name) => `${name}=${valueOf(name, word)}`,
    (name) => `${name}=${valueOf(name, (value) => JSON.stringify(value))}`,
  ];
  const head = `${action.node} ${action.operation}`;
  const texts = ways.map((way) => [head, ...given.map(way)].join(' '));
  return [...texts, actionText(action)].find((text) => isRead(text, action, context));
}

function word(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(value) ? value : JSON.stringify(value);
}

/** A number alone is not a duration: it needs its unit. */
function durations(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(durations).join(', ')}]`;
  return typeof value === 'number' ? formatDuration(value) : JSON.stringify(value);
}

function isRead(text: string, action: Invoke, context: CommandContext): boolean {
  const parsed = parseCommand(`start ${text}`, context);
  if ('fault' in parsed || parsed.command.type !== 'invoke') return false;
  const { node, operation, args } = parsed.command;
  return node === action.node && operation === action.operation && equal(args, action.args);
}
