/** A command typed while a run is stopped, as the actions that it takes now. */
import type { Action } from '../kernel/action.ts';
import type { NodeSetup } from '../kernel/plan.ts';
import type { World } from '../kernel/world.ts';
import { type CommandContext, commandForms, parseCommand } from '../scenario/commands/command.ts';
import type { Fault } from '../scenario/problem.ts';
import { actionCount, resolveAction } from '../scenario/commands/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { obstacleSentence } from './verdict-words.ts';

export type TypedCommand =
  | { readonly type: 'actions'; readonly actions: readonly Action[] }
  | { readonly type: 'fault'; readonly fault: Fault }
  /** It does not begin like a command; it may be an expression. */
  | { readonly type: 'no command' };

/** What is wrong with a text that must be a command; undefined if it is one that can be taken. */
export function faultOf(typed: Exclude<TypedCommand, { type: 'actions' }>, text: string): Fault;
export function faultOf(typed: TypedCommand, text: string): Fault | undefined;
export function faultOf(typed: TypedCommand, text: string): Fault | undefined {
  if (typed.type === 'actions') return undefined;
  if (typed.type === 'fault') return typed.fault;
  const message = `\`${text.trim()}\` is not a command`;
  return { code: 'expected-command', message, start: 0, end: text.length };
}

/** What the commands of a scenario can refer to. */
export function commandContext(
  scenario: Scenario,
  nodes: readonly NodeSetup[] = nodesOf(scenario),
): CommandContext {
  const { protocol, language } = scenario;
  for (const { id } of nodes) language.admit(id);
  return { protocol, nodes: [...nodes], language };
}

/** The nodes from the start, and those that steps add. */
function nodesOf({ setup, steps }: Scenario): NodeSetup[] {
  const added = steps.flatMap(({ command }) =>
    command.type === 'add' ? [{ id: command.node, role: command.role }] : [],
  );
  return [...setup.nodes, ...added];
}

/** The actions now; a command that waits, or that is not possible now, is a fault. */
export function commandActions(scenario: Scenario, world: World, text: string): TypedCommand {
  const context = commandContext(scenario, world.plan.setup.nodes);
  if (!beginsLikeCommand(text, context)) return { type: 'no command' };
  const parsed = parseCommand(text, context);
  if ('fault' in parsed) return { type: 'fault', fault: parsed.fault };
  const whole = { start: 0, end: text.length };
  const { command, placement } = parsed;
  if (placement !== undefined) {
    const message = 'a command in the console takes effect at once';
    const hint = `write \`${withoutPlacement(text)}\`, or add the line to the scenario's steps`;
    return { type: 'fault', fault: { code: 'placement-not-allowed', message, hint, ...whole } };
  }
  if (command.type === 'wait' || command.type === 'until') {
    const message = 'waits are allowed only among the steps of a scenario';
    const hint = 'set a breakpoint at an event or a line, and continue';
    return { type: 'fault', fault: { code: 'wait-not-allowed', message, hint, ...whole } };
  }
  if (command.type === 'repeat' || command.type === 'nemesis') {
    const message = `\`${command.type}\` is allowed only among the steps of a scenario`;
    const hint = 'type single operations and faults';
    return { type: 'fault', fault: { code: 'workload-not-allowed', message, hint, ...whole } };
  }
  const actions: Action[] = [];
  for (let taken = 0; taken < actionCount(command); taken++) {
    const resolved = resolveAction(command, taken, world);
    if (resolved.type !== 'action') {
      const message = obstacleSentence(resolved.obstacle);
      return { type: 'fault', fault: { code: 'not-possible-now', message, ...whole } };
    }
    actions.push(resolved.action);
  }
  return { type: 'actions', actions };
}

/** The command after `at 3s`, or after the colon of `after EVENT:` and `when CONDITION:`. */
function withoutPlacement(text: string): string {
  const found = /^\s*at\s+\S+\s+(.+)$/.exec(text) ?? /^.*:\s*(.+)$/.exec(text);
  return (found?.[1] ?? text).replace(/^:\s*/, '').trim();
}

/** The words that can begin a command, and the names that can be in one, for completion. */
export function commandWords(scenario: Scenario, world: World): string[] {
  const { protocol } = scenario;
  const { nodes } = world.plan.setup;
  const verbs = commandForms
    .map(([form]) => form.split(' ')[0])
    .filter((word) => /^[a-z]+$/.test(word));
  const roles = Object.values(protocol.roles);
  return [
    ...new Set([
      ...verbs,
      ...['drop', 'duplicate', 'deliver', 'delay'],
      ...nodes.map((node) => node.id),
      ...roles.flatMap((role) => Object.keys(role.operations ?? {})),
      ...roles.flatMap((role) => Object.keys(role.messages)),
      ...roles.flatMap((role) => Object.keys(role.timers)),
      ...Object.keys(protocol.events),
    ]),
  ];
}

/** A verb, or a node and another word; `n1.state` and `crash == 1` are expressions. */
function beginsLikeCommand(text: string, context: CommandContext): boolean {
  const match = /^\s*([A-Za-z_]\w*)(\s+[\w"'*]|\s*$)/.exec(text);
  if (!match || (/^\s*\w+\s+in\s/.test(text) && match[1] !== 'plug')) return false;
  const word = match[1];
  if (context.nodes.some((node) => node.id === word)) return match[2].trim() !== '';
  return word === 'the' || commandForms.some(([form]) => form.split(/[ |]/).includes(word));
}
