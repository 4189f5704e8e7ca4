/** What a person can do to a thing in the picture at this moment, as commands of the console. */
import type { Action } from '../kernel/action.ts';
import type { ActMoment, Subject } from '../kernel/seam/acts.ts';
import type { Moment } from '../kernel/seam/moment.ts';
import { actionText, parseMessageName } from '../kernel/text/action-text.ts';
import { impossibleText } from '../kernel/text/impossible-text.ts';
import { withHint } from '../scenario/problem.ts';
import type { Reading } from '../session/read/reading.ts';
import type { ActAnswer, ActQuestion, ActType, ActView, Thing } from './act-view.ts';
import { noEffectText } from './panel-words/acts.ts';

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
  return reading.actsOn(subject).map(actView);
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

function actView({ action, obstacle }: ActMoment): ActView {
  const command = actionText(action);
  const act = { type: actType(action), on: targetOf(action), command };
  if (obstacle === undefined) return act;
  return { ...act, why: 'from' in obstacle ? noEffectText(obstacle) : impossibleText(obstacle) };
}

function actType(action: Action): ActType {
  switch (action.type) {
    case 'skew':
      if (action.offset !== undefined) return 'offset';
      return action.jump === undefined ? 'drift' : 'jump';
    case 'disk':
      return action.does === 'ok' ? 'disk-ok' : 'stall';
    case 'partition':
      return 'cut-both';
    case 'heal':
      return (action.from?.length ?? 0) > 1 ? 'heal-both' : 'heal';
    case 'invoke':
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

function targetOf(action: Action): string {
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
