/** A command typed while a run stands still, as the actions that it stands for now. */
import type { Action } from '../kernel/action.ts';
import type { World } from '../kernel/world.ts';
import { type CommandContext, commandForms, parseCommand } from '../scenario/commands/command.ts';
import type { Fault } from '../scenario/problem.ts';
import { actionCount, resolveAction } from '../scenario/commands/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';

export type Typed =
  | { readonly type: 'actions'; readonly actions: readonly Action[] }
  | { readonly type: 'fault'; readonly fault: Fault }
  /** It does not begin like a command: an expression, perhaps. */
  | { readonly type: 'no command' };

/** What a scenario's commands may speak of. */
export function commandContext(scenario: Scenario): CommandContext {
  const { protocol, setup, language } = scenario;
  return { protocol, nodes: setup.nodes, language };
}

/** Actions at the world's moment; a command that only waits, or cannot be done now, is a fault. */
export function commandActions(scenario: Scenario, world: World, text: string): Typed {
  const context = commandContext(scenario);
  if (!beginsLikeCommand(text, context)) return { type: 'no command' };
  const parsed = parseCommand(text, context);
  if ('fault' in parsed) return { type: 'fault', fault: parsed.fault };
  const whole = { start: 0, end: text.length };
  const { command, placement } = parsed;
  if (placement !== undefined || command.type === 'wait' || command.type === 'until') {
    const message = 'this waits: it belongs into the steps of a scenario';
    return { type: 'fault', fault: { message, ...whole } };
  }
  const actions: Action[] = [];
  for (let taken = 0; taken < actionCount(command); taken++) {
    const resolved = resolveAction(command, taken, world);
    if (resolved.type !== 'action')
      return { type: 'fault', fault: { message: resolved.why, ...whole } };
    actions.push(resolved.action);
  }
  return { type: 'actions', actions };
}

/** The words with which a command may begin, and the names that may stand in it. */
export function commandWords(scenario: Scenario): string[] {
  const { protocol, setup } = scenario;
  const verbs = commandForms
    .map(([form]) => form.split(' ')[0])
    .filter((word) => /^[a-z]+$/.test(word));
  const roles = Object.values(protocol.roles);
  return [
    ...new Set([
      ...verbs,
      ...['drop', 'duplicate', 'deliver', 'delay'],
      ...setup.nodes.map((node) => node.id),
      ...roles.flatMap((role) => Object.keys(role.operations ?? {})),
      ...roles.flatMap((role) => Object.keys(role.messages)),
      ...roles.flatMap((role) => Object.keys(role.timers)),
      ...Object.keys(protocol.events),
    ]),
  ];
}

/** A verb, or a node with a word behind it; `n1.state` and `crash == 1` are expressions. */
function beginsLikeCommand(text: string, context: CommandContext): boolean {
  const match = /^\s*([A-Za-z_]\w*)(\s+[A-Za-z"'*]|\s*$)/.exec(text);
  if (!match || /^\s*\w+\s+in\s/.test(text)) return false;
  const word = match[1];
  if (context.nodes.some((node) => node.id === word)) return match[2].trim() !== '';
  return word === 'the' || commandForms.some(([form]) => form.split(/[ |]/).includes(word));
}
