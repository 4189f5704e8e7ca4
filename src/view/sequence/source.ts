/** The source of the Sequence panel: the rows around the cursor, as the user chose to see them. */
import { isOff, type Moment, type NodeMoment } from '../../kernel/seam/moment.ts';
import { statusWords } from '../../kernel/text/status-text.ts';
import type { Reading } from '../../session/read/reading.ts';
import { PanelClocks } from '../clocks.ts';
import { type Cone, coneOf } from './cone.ts';
import { itemsAmong, nearNodes } from './crowd.ts';
import { flightItem, flightWindow, isQuietTimer, itemsOfStep, merged } from './items.ts';
import { sequenceToMermaid } from './mermaid.ts';
import {
  amongChosen, asQuestion, asSelection, chosenOf, existing, isChosen,
} from './selection.ts';
import {
  defaultSelection, type Participant, type SequenceAnswer, type SequenceChoices,
  type SequenceItem, type SequenceQuestion, type SequenceSelection, type SequenceView,
} from './sequence-view.ts';
import { RecordedSteps } from './steps.ts';

/** In how many steps the rows are searched: at first, at most, and in one answer. */
const searched = { first: 150, most: 1200, answer: 300 };
/** How many recorded steps after the cursor are drawn, at most. */
const futureMost = 24;

export function sequenceSource() {
  const rows = new SequenceRows();
  return {
    selection: defaultSelection,
    selected: asSelection,
    view: (reading: Reading, chosen: SequenceSelection) => rows.view(reading, chosen),
    asked: asQuestion,
    answer: (reading: Reading, question: SequenceQuestion) => rows.earlier(reading, question),
  };
}

/** The view as it is at first. */
export function sequenceOf(reading: Reading): SequenceView {
  return new SequenceRows().view(reading, defaultSelection);
}

class SequenceRows {
  private readonly recent = new RecordedSteps();
  /** Far from the cursor: what the user scrolled to, or a request of long ago. */
  private readonly distant = new RecordedSteps();
  private chosen = defaultSelection;

  view(reading: Reading, selection: SequenceSelection): SequenceView {
    const moment = reading.inside?.moment ?? reading.moment;
    const nodes = moment.nodes.map(({ id }) => id);
    const chosen = existing(selection, nodes);
    this.chosen = chosen;
    const part = this.window(reading, chosen);
    const all = [...part.items, ...this.inFlight(reading, moment, part), ...part.future];
    const actor = actorOf(reading);
    const near = chosen.nodes === null ? nearNodes(nodes, all, actor) : undefined;
    const items = near === undefined ? all : itemsAmong(all, near, chosen);
    const shown = near ?? chosen.nodes;
    const participants = moment.nodes
      .filter(({ id }) => shown === null || shown.includes(id))
      .map((node) => ({ id: node.id, about: aboutNode(node) }));
    return {
      participants,
      items,
      ...(actor === undefined ? {} : { actor }),
      ...(near === undefined ? {} : { isCrowd: true as const }),
      before: Math.max(0, firstStep(items[0]) - 1),
      mermaid: sequenceToMermaid(participants, items),
      covered: { branch: reading.cursor.branch, first: part.first, last: part.last },
      choices: { nodes, ...part.choices, messages: messageTypes(part, items, moment) },
      selection: chosen,
    };
  }

  earlier(reading: Reading, { before }: SequenceQuestion): SequenceAnswer {
    const last = Math.min(before - 1, reading.length);
    const first = Math.max(0, last - searched.answer + 1);
    const cone = this.chosen.cone ? coneOf(reading, this.chosen.cone) : undefined;
    const part = this.part(reading, this.distant, first, last, cone);
    return { items: merged(part.items), before: Math.max(0, first - 1), first };
  }

  /** The steps that are shown, and the rows that they have. */
  private window(reading: Reading, selection: SequenceSelection): Window {
    const { cursor, length, entered, inside } = reading;
    const cone = selection.cone ? coneOf(reading, selection.cone) : undefined;
    const { rows, from } = selection;
    const end = Math.min(cursor.step, cone?.last ?? cursor.step);
    const lowest = Math.max(0, cone?.first ?? 0, from ?? 0, end - searched.most + 1);
    const last = from === null ? end : Math.min(end, from + searched.most);
    const steps = cursor.step - last > searched.most ? this.distant : this.recent;
    let first = Math.max(lowest, from ?? last - searched.first + 1);
    let part = this.part(reading, steps, first, last, cone);
    while (part.items.length < rows && first > lowest) {
      first = Math.max(lowest, first - searched.first * 2);
      part = this.part(reading, steps, first, last, cone);
    }
    const isBooting = entered?.type === 'start';
    const past = isBooting ? [] : part.items;
    const present = withStop(inside ? [...past, ...insideItems(reading)] : past, reading);
    const stopped = present
      .filter((item) => isChosen(item, selection))
      .map((item) => amongChosen(item, selection));
    const items = from === null ? lastRows(merged(stopped), rows) : merged(stopped).slice(0, rows);
    const hasRoom = from === null || items.length < rows;
    const until = hasRoom && !inside ? Math.min(length, cone?.last ?? length) : 0;
    const next = Math.max(cursor.step + 1, from ?? 0);
    const ahead = this.part(reading, steps, next, Math.min(until, cursor.step + 60), cone);
    const later = ahead.items.map((item): SequenceItem => {
      return { ...item, current: false, future: true };
    });
    const isWhole = items.length < stopped.length ? firstStep(items[0]) : first;
    return {
      items, choices: part.choices, first: isWhole, last,
      future: merged(later).slice(0, futureMost),
    };
  }

  /** What the selection shows of some steps. */
  private part(
    reading: Reading,
    steps: RecordedSteps,
    first: number,
    last: number,
    cone: Cone | undefined,
  ): Part {
    const { chosen } = this;
    const { cursor, inside } = reading;
    const items: SequenceItem[] = [];
    const messages = new Set(chosen.hiddenMessages);
    const operations = new Set(chosen.hiddenOperations);
    const requests: SequenceChoices['requests'] = [];
    let [folded, all] = [0, 0];
    for (const recorded of steps.between(reading, first, last)) {
      const { step, request } = recorded;
      for (const item of recorded.items) {
        if (item.type === 'message') messages.add(item.messageType);
        else if (item.type === 'operation' && request) operations.add(request.name);
      }
      if (request?.step === step) {
        requests.push({ id: request.id, text: request.text, step });
      }
      const isCurrent = step === cursor.step && !inside;
      const found = chosenOf(recorded, chosen, cone, isCurrent);
      folded += found.folded;
      all += found.folded;
      const own = found.items.map((item) => ({ ...item, current: isCurrent }));
      const loud = own.filter((item, index) => !isQuietTimer(item, index, own));
      if (loud[0] && folded > 0) loud[0] = { ...loud[0], folded };
      if (loud.length > 0) folded = 0;
      items.push(...loud);
    }
    const sorted = (names: Set<string>) => [...names].sort();
    const choices = { messages: sorted(messages), operations: sorted(operations), requests };
    return { items, choices: { ...choices, folded: all } };
  }

  /** What is in flight, unless its arrival is among the recorded steps that follow. */
  private inFlight(reading: Reading, moment: Moment, { future }: Window): SequenceItem[] {
    const { chosen } = this;
    const clocks = new PanelClocks(reading);
    const arriving = new Set(future.flatMap((item) => (item.type === 'message' ? [item.id] : [])));
    const items: SequenceItem[] = [];
    for (const message of moment.messages) {
      if (items.length === flightWindow || chosen.cone !== null) break;
      const isFolded = chosen.heartbeats === 'folded' && message.cause !== reading.cursor.step;
      if (isFolded && this.recent.isHeartbeat(reading, message)) continue;
      const item = flightItem(message, moment.wording, clocks);
      if (!arriving.has(item.id) && isChosen(item, chosen)) items.push(item);
    }
    return items;
  }
}

interface Part {
  items: SequenceItem[];
  choices: Omit<SequenceChoices, 'nodes'>;
}

interface Window extends Part {
  first: number;
  last: number;
  future: SequenceItem[];
}

/** Also of messages that have not arrived yet. */
function messageTypes({ choices }: Part, items: SequenceItem[], { messages }: Moment): string[] {
  const drawn = items.flatMap((item) => (item.type === 'message' ? [item.messageType] : []));
  const flying = messages.map(({ body }) => body.type);
  return [...new Set([...choices.messages, ...drawn, ...flying])].sort();
}

/** Of the action that is being taken, as far as it was executed. */
function insideItems(reading: Reading): SequenceItem[] {
  const { cursor, entered, inside } = reading;
  if (!inside || entered === null) return [];
  const isBooting = entered.type === 'start';
  const action = entered.type === 'start' ? null : entered;
  const { effects, moment } = inside;
  const step = isBooting ? 0 : cursor.step + 1;
  const items = itemsOfStep({ step, action, effects, moment }, new PanelClocks(reading));
  return items.map((item) => ({ ...item, current: true }));
}

/** Marks what the session stopped at. An event that is about to be reported gets an item. */
function withStop(items: SequenceItem[], reading: Reading): SequenceItem[] {
  const { stop, inside, cursor } = reading;
  const { reason } = stop;
  const isHit = stop.type.includes('breakpoint') || stop.type === 'exception';
  if (!isHit) return items;
  const marked = (index: number) =>
    items.map((item, place): SequenceItem => (place === index ? { ...item, stop: true } : item));
  if (reason.type === 'event') {
    const isIt = (item: SequenceItem) =>
      item.type === 'event' && item.current &&
      item.node === reason.node && item.name === reason.name;
    if (!inside) return marked(items.findLastIndex(isIt));
    const { name, node, details: fields } = reason;
    const when = { step: cursor.step + 1, at: inside.moment.time, current: true };
    const next = { type: 'event', node, name, fields, pending: true, stop: true } as const;
    return [...items, { ...next, ...when }];
  }
  if (reason.type === 'thrown') {
    return marked(items.findLastIndex((item) => item.type === 'fault' && item.current));
  }
  return marked(items.findIndex((item) => item.current));
}

/** The last of them, but never a part of the current step alone. */
function lastRows(items: SequenceItem[], rows: number): SequenceItem[] {
  const current = items.findIndex((item) => item.current);
  const from = Math.max(0, items.length - rows);
  return items.slice(current < 0 ? from : Math.min(from, current));
}

function firstStep(item: SequenceItem | undefined): number {
  if (item?.type === 'message' && item.repeated) return item.repeated.since;
  return item?.step ?? 1;
}

/** The node that acts, or that took the last action. */
function actorOf(reading: Reading): string | undefined {
  const { inside, entered, cursor, moment } = reading;
  if (inside && entered !== null) return inside.moment.nodes[inside.effects.acted]?.id;
  const acted = reading.explain(cursor.step)?.effects.acted ?? -1;
  return moment.nodes[acted]?.id;
}

/** The state of a node now: `paused`, `leader`, `term 2`. Without a standing, its role. */
export function aboutNode(node: NodeMoment): Participant['about'] {
  const { id, role, status, look } = node;
  const standing = isOff(status) ? '' : look.standing || (role === id ? '' : role);
  return [
    ...statusWords(node),
    ...(standing === '' ? [] : [standing]),
    ...(look.epoch ? [`${look.epoch.name} ${look.epoch.value}`] : []),
  ];
}
