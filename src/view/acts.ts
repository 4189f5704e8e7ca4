/** What a person can do to a thing in the picture at this moment, as commands of the console. */
import type { Action } from '../kernel/action.ts';
import type { ActMoment, Subject } from '../kernel/seam/acts.ts';
import type { Moment } from '../kernel/seam/moment.ts';
import { actionText, parseMessageName } from '../kernel/text/action-text.ts';
import { operationText } from '../kernel/text/operation-text.ts';
import { impossibleText } from '../kernel/text/impossible-text.ts';
import type { Json } from '../protocol/types.ts';
import type { ItemKind, ParameterSpec } from '../protocol/values.ts';
import { withHint } from '../scenario/problem.ts';
import type { Reading } from '../session/read/reading.ts';
import type { ActAnswer, ActQuestion, ActType, ActView, Thing } from './act-view.ts';
import { noEffectText, valueLabel } from './panel-words/acts.ts';

/** What a client sent, if it is a question of this kind. */
export function askedOfActs(value: unknown): ActQuestion | undefined {
  const { type, of, command } = fieldsOf(value);
  if (type === 'fault') return typeof command === 'string' ? { type, command } : undefined;
  const thing = fieldsOf(of);
  const { name } = thing;
  const kind = (['node', 'timer', 'message', 'link'] as const).find((one) => one === thing.type);
  if (type !== 'acts' || kind === undefined || typeof name !== 'string') return undefined;
  return { type, of: { type: kind, name } };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function answerOnActs(reading: Reading, question: ActQuestion): ActAnswer {
  if (question.type === 'acts') return { type: 'acts', acts: actsOf(reading, question.of) };
  const fault = reading.faultIn(question.command);
  return { type: 'fault', fault: fault === undefined ? '' : withHint(fault) };
}

/** Empty if the thing is gone, and in a recording, where no other action can be taken. */
export function actsOf(reading: Reading, thing: Thing): ActView[] {
  const subject = subjectOf(reading.moment, thing);
  if (subject === undefined || !reading.capabilities.branches) return [];
  const acts = reading.actsOn(subject);
  const operations = acts.filter(({ action }) => action.type === 'invoke').length;
  // A client of a database has more statements than a menu has room for.
  const listed = operations > operationsMost
    ? acts.filter(({ action }) => action.type !== 'invoke' || isKnown(reading, action))
    : acts;
  return listed.map((act) => actView(reading, act));
}

function subjectOf(moment: Moment, { type, name }: Thing): Subject | undefined {
  switch (type) {
    case 'node':
      return moment.node(name) && { type, node: name };
    case 'message': {
      const message = parseMessageName(name);
      return message && moment.message(message) && { type, message };
    }
    case 'timer':
      return timerOf(moment, name);
    case 'link': {
      const [one, other, ...more] = name.split(' ');
      const isLink = more.length === 0 && one !== other && moment.node(one) && moment.node(other);
      return isLink ? { type, nodes: [one, other] } : undefined;
    }
  }
}

/** `n1 election`, and `n1 retry x` for one with a key. */
function timerOf(moment: Moment, name: string): Subject | undefined {
  const [node] = name.split(' ', 1);
  const rest = name.slice(node.length + 1);
  const found = moment.node(node)?.alarms.find(
    (one) => (one.key === '' ? one.name : `${one.name} ${one.key}`) === rest,
  );
  return found && { type: 'timer', node, timer: found.name, key: found.key };
}

/** The menu lists this many operations; of more, those that this run has invoked before. */
const operationsMost = 8;

type Invocation = Action & { type: 'invoke' };

function lastOf({ history }: Reading, { node, operation }: Invocation) {
  const alike = history.filter((one) => one.name === operation);
  return alike.findLast((one) => one.node === node) ?? alike.at(-1);
}

function isKnown(reading: Reading, action: Invocation): boolean {
  return lastOf(reading, action) !== undefined;
}

function actView(reading: Reading, { action, obstacle }: ActMoment): ActView {
  const act = action.type === 'invoke' ? invocation(reading, action) : commandOf(action);
  if (obstacle === undefined) return act;
  return { ...act, why: 'from' in obstacle ? noEffectText(obstacle) : impossibleText(obstacle) };
}

function commandOf(action: Exclude<Action, Invocation>): ActView {
  const command = actionText(action);
  const type = actType(action);
  const act = { type, on: targetOf(action), command };
  return valueLabel(type) === '' ? act : { ...act, value: command.slice(lastWord(command)) };
}

function lastWord(command: string): number {
  return command.lastIndexOf(' ') + 1;
}

/** With the arguments of the last operation like it, or else with one of each kind. */
function invocation(reading: Reading, action: Invocation): ActView {
  const { node, operation } = action;
  const { role } = reading.moment.node(node)!;
  const known = reading.code.protocol.roles[role].operations?.[operation];
  const parameters: Readonly<Record<string, ParameterSpec>> = known?.parameters ?? {};
  const others = reading.moment.nodes.filter(({ id }) => id !== node).map(({ id }) => id);
  const args = lastOf(reading, action)?.args ?? proposedArguments(parameters, others);
  const text = operationText({ operation, args }, parameters);
  const command = `${node} ${text}`;
  const names = Object.entries(parameters).map(
    ([name, spec]) => (spec.endsWith('?') ? `[${name}]` : name),
  );
  const act = { type: 'invoke', on: `${operation} at ${node}`, command } as const;
  if (names.length === 0) return act;
  return { ...act, value: text.slice(operation.length + 1), parameters: names };
}

function proposedArguments(
  parameters: Readonly<Record<string, ParameterSpec>>,
  nodes: readonly string[],
): Record<string, Json> {
  const needed = Object.entries(parameters).filter(([, spec]) => !spec.endsWith('?'));
  return Object.fromEntries(needed.map(([name, spec]) => {
    const kind = spec.replace('[]', '') as ItemKind;
    const value = kind === 'node' ? (nodes[0] ?? '') : exampleOf[kind];
    return [name, spec.endsWith('[]') ? [value] : value];
  }));
}

const exampleOf: Record<Exclude<ItemKind, 'node'>, Json> = {
  string: 'x', value: 1, integer: 1, duration: 1_000_000, boolean: true,
};

function actType(action: Exclude<Action, Invocation>): ActType {
  switch (action.type) {
    case 'skew':
      if (action.offset !== undefined) return 'offset';
      return action.jump === undefined ? 'drift' : 'jump';
    case 'disk':
      return action.does === 'ok' ? 'disk-ok' : action.does;
    case 'partition':
      return 'cut-both';
    case 'heal':
      return (action.from?.length ?? 0) > 1 ? 'heal-both' : 'heal';
    case 'add':
    case 'retransmit':
    case 'probe':
    case 'synced':
    case 'network':
      throw new Error(`an act that no picture offers: ${action.type}`);
    default:
      return action.type;
  }
}

function targetOf(action: Exclude<Action, Invocation>): string {
  const command = actionText(action);
  switch (action.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
    case 'delay':
      return command.split(' ')[1];
    case 'fire':
      return `${command.slice(`fire ${action.node} `.length)} of ${action.node}`;
    case 'cut':
      return `${action.from.join(' ')} → ${action.to.join(' ')}`;
    case 'heal':
      return linkText(action.from ?? [], action.to ?? []);
    case 'partition':
      return action.groups.map((group) => group.join(' ')).join(' ↔ ');
    case 'reset':
      return action.nodes.join(' ↔ ');
    default:
      return 'node' in action ? action.node : '';
  }
}

function linkText(from: readonly string[], to: readonly string[]): string {
  return from.length > 1 ? from.join(' ↔ ') : `${from.join(' ')} → ${to.join(' ')}`;
}
