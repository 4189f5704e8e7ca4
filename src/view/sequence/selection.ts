/** What the user chose to see of a run: checked, and applied to recorded steps. */
import type { Cone } from './cone.ts';
import {
  defaultSelection, type SequenceCone, type SequenceItem, type SequenceQuestion,
  type SequenceSelection,
} from './sequence-view.ts';
import type { RecordedStep } from './steps.ts';

/** The number of rows that a user can choose. */
export const rowChoices = [20, 40, 80, 160] as const;

/** What a client sent, if it is a selection; undefined if it is not. */
export function asSelection(value: unknown): SequenceSelection | undefined {
  if (!isRecord(value)) return undefined;
  const { rows, from, nodes, hiddenMessages, hiddenOperations, heartbeats, cone } = value;
  const isWindow = rowChoices.some((choice) => choice === rows) && (from === null || isStep(from));
  const areNames = (nodes === null || isNames(nodes)) && isNames(hiddenMessages);
  if (!isWindow || !areNames || !isNames(hiddenOperations)) return undefined;
  if (heartbeats !== 'folded' && heartbeats !== 'shown') return undefined;
  const checked = cone === null ? null : asCone(cone);
  if (checked === undefined) return undefined;
  const chosen = { rows, from, nodes, hiddenMessages, hiddenOperations, heartbeats };
  return { ...(chosen as Omit<SequenceSelection, 'cone'>), cone: checked };
}

export function asQuestion(value: unknown): SequenceQuestion | undefined {
  if (!isRecord(value) || value.type !== 'earlier' || !isStep(value.before)) return undefined;
  return { type: 'earlier', before: value.before };
}

function asCone(value: unknown): SequenceCone | undefined {
  if (!isRecord(value)) return undefined;
  const { type, operation, step } = value;
  if (type === 'operation' && typeof operation === 'string') return { type, operation };
  return type === 'step' && isStep(step) ? { type, step } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isStep(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** Without nodes that this run does not have: a scenario may have been edited since. */
export function existing(
  selection: SequenceSelection,
  nodes: readonly string[],
): SequenceSelection {
  const chosen = selection.nodes?.filter((id) => nodes.includes(id)) ?? null;
  return { ...selection, nodes: chosen === null || chosen.length === 0 ? null : chosen };
}

export function isDefault(selection: SequenceSelection): boolean {
  return JSON.stringify(selection) === JSON.stringify(defaultSelection);
}

export interface Chosen {
  readonly items: SequenceItem[];
  /** How many heartbeats are left out. */
  readonly folded: number;
}

/** What the selection shows of a step; `isCurrent` if the session stopped after it. */
export function chosenOf(
  recorded: RecordedStep,
  selection: SequenceSelection,
  cone: Cone | undefined,
  isCurrent: boolean,
): Chosen {
  const { request, heartbeats } = recorded;
  if (cone !== undefined && !cone.has(recorded)) return { items: [], folded: 0 };
  const isHidden = request !== undefined && selection.hiddenOperations.includes(request.name);
  const folds = selection.heartbeats === 'folded' && !isCurrent;
  const [first] = recorded.items;
  const isFolded = folds && first?.type === 'message' && heartbeats.has(first.id);
  let folded = 0;
  const items = recorded.items.filter((item) => {
    if (!isChosen(item, selection) || (isHidden && item.type !== 'fault')) return false;
    // What arrived again had the same effects again.
    if (item.type !== 'message') return !isFolded;
    const isOne = folds && heartbeats.has(item.id);
    if (isOne) folded++;
    return !isOne;
  });
  return { items: items.map((item) => amongChosen(item, selection)), folded };
}

/** A fault of the network concerns nodes that are not shown, too. */
export function amongChosen(item: SequenceItem, { nodes }: SequenceSelection): SequenceItem {
  if (nodes === null || (item.type !== 'fault' && item.type !== 'operation')) return item;
  return { ...item, nodes: item.nodes.filter((id) => nodes.includes(id)) };
}

/** Whether an item is of a chosen node, and not of a hidden type. */
export function isChosen(item: SequenceItem, selection: SequenceSelection): boolean {
  const { nodes, hiddenMessages } = selection;
  const has = (id: string) => nodes === null || nodes.includes(id);
  switch (item.type) {
    case 'message':
      return has(item.from) && has(item.to) && !hiddenMessages.includes(item.messageType);
    case 'event':
    case 'timer':
    case 'answer':
      return has(item.node);
    case 'operation':
    case 'fault':
      return item.nodes.length === 0 || item.nodes.some(has);
  }
}
