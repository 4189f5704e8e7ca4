/** The columns of one recorded branch: each step is walked once, in parts, and then kept. */
import type { Action } from '../../kernel/action.ts';
import {
  isOff, type MessageMoment, type Moment, type NodeMoment, type Rank, type StepEffects,
} from '../../kernel/seam/moment.ts';
import { eventDetails, messageLabel } from '../../kernel/text/message-text.ts';
import { statusWords } from '../../kernel/text/status-text.ts';
import { timerName } from '../../kernel/text/action-text.ts';
import { violationSentence } from '../../check/verdict-words.ts';
import type { RecordedBranch, Walk, WalkedStep } from '../../session/read/reading.ts';
import { islandsOf } from '../cluster.ts';
import { actionSentence, commandText } from '../words.ts';
import {
  eventFields, flyingMost, type Mark, messageFields, outcomes, type StepKind, stepKinds,
  type StepsAnswer,
} from './spacetime-view.ts';

export class LaneColumns {
  private readonly walk: Walk;
  private readonly times: number[] = [];
  private readonly nodes: number[] = [];
  private readonly kinds: number[] = [];
  private readonly labels: number[] = [];
  private readonly messages: number[] = [];
  private readonly events: number[] = [];
  private readonly marks: Mark[] = [];
  private readonly texts: string[] = [];
  private readonly known = new Map<string, number>();
  private flying: number[] = [];
  private time = 0;
  /** What each node last showed, to notice that it changed. */
  private readonly ranks: (Rank | undefined)[] = [];
  private readonly standings: string[] = [];
  private readonly statuses: string[] = [];
  private cuts = '';

  constructor(private readonly branch: RecordedBranch) {
    this.walk = branch.walk(0);
  }

  /** The steps from `from` on; walks over those that were not walked before. */
  answer(from: number, most: number, labels: number): StepsAnswer {
    const end = Math.min(from + most, this.branch.length + 1);
    this.extend(end);
    const isEnd = end === this.times.length && end === this.branch.length + 1;
    return {
      type: 'steps',
      from,
      times: this.times.slice(from, end),
      nodes: this.nodes.slice(from, end),
      kinds: this.kinds.slice(from, end),
      labels: this.labels.slice(from, end),
      messages: rowsBetween(this.messages, messageFields, from, end),
      events: rowsBetween(this.events, eventFields, from, end),
      marks: this.marks.slice(this.markAt(from), this.markAt(end)),
      texts: this.texts.slice(labels),
      ...(isEnd ? { flying: this.flying } : {}),
    };
  }

  private extend(end: number): void {
    const { walk, branch, times } = this;
    const missing = end - times.length;
    if (missing <= 0) return;
    let last: Moment | undefined;
    walk.go(missing, (step) => {
      this.note(step);
      last = step.moment;
      if (step.step === branch.length) this.flying = this.flyingOf(step.moment);
    });
    // Clocks are computed in passing, so that the first cone need not compute them all.
    if (last !== undefined) branch.clocks.latest(0, times.length - 1);
  }

  private note({ step, action, effects, moment }: WalkedStep): void {
    this.times.push(moment.time - this.time);
    this.time = moment.time;
    this.nodes.push(action === null ? -1 : effects.acted);
    const kind = kindOf(action);
    this.kinds.push(stepKinds.indexOf(kind));
    this.labels.push(this.text(labelOf(action, effects, moment)));
    this.noteMessages(step, action, effects, moment);
    for (const event of effects.events) {
      const details = eventDetails(event, moment.wording, eventMost);
      const label = details === '' ? event.name : `${event.name} ${details}`;
      this.events.push(step, moment.node(event.node)?.index ?? -1, this.text(label));
    }
    const { failure } = effects;
    const actor = effects.acted;
    for (const violation of effects.violations) {
      const text = `${violation.monitor}: ${violationSentence(violation, moment.wording.units)}`;
      this.marks.push({ step, type: 'violated', node: actor, text });
    }
    if (failure !== null) {
      const node = moment.node(failure.node)?.index ?? -1;
      this.marks.push({ step, type: 'threw', node, text: failure.message });
    }
    const isQuiet = kind === 'message' || kind === 'timer';
    if (!isQuiet || failure !== null || effects.violations.length > 0) {
      for (const node of moment.nodes) this.noteStatus(step, node);
      this.noteCuts(step, moment);
      if (step === 0) for (const node of moment.nodes) this.noteStanding(step, node);
    }
    if (actor >= 0) this.noteStanding(step, moment.nodes[actor]);
  }

  private noteMessages(
    step: number,
    action: Action | null,
    { message, lost, refused, sent }: StepEffects,
    moment: Moment,
  ): void {
    const { time } = moment;
    if (message !== null && lost) {
      this.pushMessage(step, message, time, refused ? 'reset' : 'lost');
    } else if (message !== null && action?.type === 'deliver') {
      const outcome = moment.refuses(message.body) ? 'refused' : 'delivered';
      this.pushMessage(step, message, time, outcome);
    }
    for (const one of sent) {
      if (one.lost !== '') this.pushMessage(step, one, one.at, 'lost');
    }
  }

  private pushMessage(
    step: number,
    message: MessageMoment,
    at: number,
    outcome: (typeof outcomes)[number],
  ): void {
    const { fromIndex, toIndex, cause, sentAt, body } = message;
    const label = this.text(body.type);
    const place = outcomes.indexOf(outcome);
    this.messages.push(step, fromIndex, toIndex, cause, sentAt, at, place, label);
  }

  private flyingOf(moment: Moment): number[] {
    return moment.messages.slice(0, flyingMost).flatMap((message) => {
      const { fromIndex, toIndex, cause, sentAt, at, body } = message;
      return [cause, fromIndex, toIndex, cause, sentAt, at, 0, this.text(body.type)];
    });
  }

  private noteStatus(step: number, node: NodeMoment): void {
    const text = statusWords(node).join(', ');
    if (text === (this.statuses[node.index] ?? '')) return;
    this.statuses[node.index] = text;
    this.marks.push({ step, type: 'status', node: node.index, text, off: isOff(node.status) });
    this.noteStanding(step, node);
  }

  private noteStanding(step: number, node: NodeMoment): void {
    const { index } = node;
    const isUp = !isOff(node.status);
    const { rank } = node;
    if (isUp && rank === this.ranks[index]) return;
    this.ranks[index] = rank;
    const epoch = rank.epoch ? `${rank.epoch.name} ${rank.epoch.value}` : '';
    const parts = isUp ? [rank.standing ?? '', epoch] : [];
    const text = parts.filter((part) => part !== '').join(' · ');
    if (text === (this.standings[index] ?? '')) return;
    this.standings[index] = text;
    const tone = isUp ? (node.look.tone ?? 'none') : 'none';
    this.marks.push({ step, type: 'standing', node: index, text, tone });
  }

  private noteCuts(step: number, moment: Moment): void {
    const text = cutsText(moment);
    if (text === this.cuts) return;
    this.cuts = text;
    this.marks.push({ step, type: 'cuts', text });
  }

  private markAt(step: number): number {
    return firstAt(this.marks.length, (place) => this.marks[place].step >= step);
  }

  private text(label: string): number {
    let index = this.known.get(label);
    if (index === undefined) {
      index = this.texts.length;
      this.texts.push(label);
      this.known.set(label, index);
    }
    return index;
  }
}

/** Details of an event are cut, because each text that differs is kept. */
const eventMost = 60;
const operationMost = 60;

function kindOf(action: Action | null): StepKind {
  switch (action?.type) {
    case undefined:
      return 'start';
    case 'deliver':
    case 'drop':
      return 'message';
    case 'fire':
      return 'timer';
    case 'invoke':
      return 'operation';
    case 'retransmit':
    case 'probe':
    case 'synced':
      return 'other';
    default:
      return 'fault';
  }
}

function labelOf(action: Action | null, effects: StepEffects, moment: Moment): string {
  if (action === null) return 'start';
  switch (action.type) {
    case 'deliver':
    case 'drop':
      return effects.message?.body.type ?? '';
    case 'fire':
      return timerName(action.timer, action.key);
    case 'invoke':
      return commandText(action, moment).slice(action.node.length + 1, operationMost);
    default:
      return actionSentence(action, effects, moment);
  }
}

/** `n1 n2 | n3`; `n1–n2 n1→n3`, if the cuts do not divide the cluster; empty without cuts. */
function cutsText(moment: Moment): string {
  if (!moment.hasCuts) return '';
  const islands = islandsOf(moment);
  if (islands.length > 0) return islands.map((ids) => ids.join(' ')).join(' | ');
  const links: string[] = [];
  for (const { index: from, id } of moment.nodes) {
    for (const { index: to, id: other } of moment.nodes) {
      if (from >= to) continue;
      const [there, back] = [moment.isCut(from, to), moment.isCut(to, from)];
      if (there && back) links.push(`${id}–${other}`);
      else if (there || back) links.push(there ? `${id}→${other}` : `${other}→${id}`);
    }
  }
  const shown = links.slice(0, linksMost).join(' ');
  return links.length > linksMost ? `${shown} and ${links.length - linksMost} more` : shown;
}

const linksMost = 6;

/** The rows whose first number, a step, is from `from` to before `end`; rows are in that order. */
function rowsBetween(rows: readonly number[], fields: number, from: number, end: number): number[] {
  return rows.slice(rowAt(rows, fields, from) * fields, rowAt(rows, fields, end) * fields);
}

function rowAt(rows: readonly number[], fields: number, step: number): number {
  return firstAt(rows.length / fields, (row) => rows[row * fields] >= step);
}

/** The first of `count` places at which `isIt` holds; it holds from there on. */
function firstAt(count: number, isIt: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A message for the list of what an event sent. */
export function sentText(message: MessageMoment, { wording }: Pick<Moment, 'wording'>): string {
  return `${messageLabel(message, wording)} to ${message.to}`;
}
