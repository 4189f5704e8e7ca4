/** The words beside a node's disc, as lines with a sign each; only what has no room is cut. */

import type { NodeView, RoleView, ShownView } from '../../../src/view/cluster/cluster-view.ts';
import { onlyBelieves } from '../../../src/view/cluster/belief.ts';
import { explanationOf, valueName } from '../../../src/view/cluster/value-name.ts';
import { isDrawnOff, statusOf } from '../../../src/view/node-status.ts';
import {
  beliefRows,
  clockText,
  diskText,
  epochInitial,
  epochText,
  explained,
  holdInWords,
  holdRows,
  lastEntryText,
  labels,
  pictureValue,
  shownName,
  standingWord,
  timerShort,
  timerText,
} from '../../../src/view/panel-words/cluster.ts';
import type { Sign } from './signs.ts';

/** A line of the words beside a disc. */
export interface WordLine {
  /** Tells the lines of a node apart, from one stop to the next. */
  key: string;
  sign?: Sign;
  name: string;
  value: string;
  changed: boolean;
  isStrong?: boolean;
  /** Its name and its value where the whole has no room. */
  shortName?: string;
  short?: string;
  /** The end of its value, which is never cut. */
  tail?: string;
  /** Gives its room to others, which then have two rows. */
  isExtra?: boolean;
  /** Its value in two rows, if it must never be cut into one. */
  rows?: readonly [string, string];
  /** What it means, as the protocol explains it; absent if it does not. */
  doc?: string;
}

/** Which lines the disc itself has. */
export interface InDisc {
  status: boolean;
  standing: boolean;
  epoch: boolean;
}

/** Tooltips and cards have the others. */
const mostFacts = 2;

/** The lines of a node in the order of their importance. */
export function wordLines(
  node: NodeView,
  inDisc: InDisc,
  values: RoleView['values'] = {},
  isTerse = false,
): WordLine[] {
  const status = inDisc.status ? [] : statusLines(node);
  if (isDrawnOff(node)) return status;
  const { clock, waiting, disk } = node;
  // What a node believes to hold is among what it holds.
  const views = node.shown.filter((view) => view.type !== 'holder' || view.own !== true);
  const byType = (...types: ShownView['type'][]) =>
    views.filter(({ type }) => types.includes(type)).map((view) => shownLine(view, values));
  const plain = (name: string, value: string): WordLine[] =>
    value === '' ? [] : [{ key: name, name, value, changed: false }];
  return [
    ...status,
    ...standingLines(node, inDisc, isTerse),
    ...holdLines(node),
    ...byType('votes', 'holder', 'token', 'value'),
    ...leaseLines(node, values),
    ...timerLines(node),
    ...[
      ...logLine(node, values),
      ...byType('interval'),
      ...node.facts
        .slice(0, mostFacts)
        .map((fact): WordLine => {
          return { key: `fact ${fact.name}`, ...fact, ...docOf(values, fact.name) };
        }),
      ...signed({ type: 'clock' }, plain(labels.clock, clockText(clock))),
      ...plain(labels.waiting, waiting > 0 ? String(waiting) : ''),
      ...signed({ type: 'disk' }, plain(labels.disk, disk ? diskText(disk) : '')),
    ].map((line) => ({ ...line, isExtra: true })),
  ];
}

/** Nothing if the protocol does not explain it. */
function docOf(values: RoleView['values'], name: string): { doc?: string } {
  const doc = explanationOf(values, name);
  return doc === undefined ? {} : { doc };
}

function signed(sign: Sign, lines: WordLine[]): WordLine[] {
  return lines.map((line) => ({ ...line, sign }));
}

/** Each in a line of its own: a status that is cut to its first letters could be mistaken. */
function statusLines(node: NodeView): WordLine[] {
  return statusOf(node).map((value) => {
    return { key: `status ${value}`, name: '', value, changed: false, isStrong: true };
  });
}

/** Its standing and its epoch share a line: `follower, term 3`; if terse, `follower t3`. */
function standingLines(node: NodeView, inDisc: InDisc, isTerse: boolean): WordLine[] {
  const { standing, epoch, changes } = node;
  const word = standing === '' || inDisc.standing ? '' : standingWord(node);
  const sayEpoch = isTerse ? epochInitial : epochText;
  const since = epoch && !inDisc.epoch ? sayEpoch(epoch) : '';
  const value = [word, since].filter((part) => part !== '').join(isTerse ? ' ' : ', ');
  if (value === '') return [];
  const changed = word !== '' && changes.some(({ type }) => type === 'standing');
  const line = { key: 'standing', name: '', value, changed, isStrong: word !== '' };
  const tail = word !== '' && since !== '' ? { tail: since } : {};
  if (word === '' || !onlyBelieves(node)) return [{ ...line, ...tail }];
  const [first, ...rest] = beliefRows(node);
  return [{ ...line, rows: [first, [...rest, since].filter((part) => part !== '').join(', ')] }];
}

function holdLines({ holds }: NodeView): WordLine[] {
  return holds.map((hold) => {
    const { of, belief, changed } = hold;
    const sign: Sign = { type: belief };
    const line = { key: `holds ${of}`, sign, name: '', value: holdInWords(hold), changed };
    const rows = holdRows(hold);
    return rows ? { ...line, rows } : line;
  });
}

function shownLine(view: ShownView, values: RoleView['values']): WordLine {
  const doc = docOf(values, valueName(view));
  const line = {
    name: shownName(view), value: pictureValue(view), changed: view.changed,
    ...inShort(view), ...doc,
  };
  if (view.type === 'votes') {
    const { granted, needed } = view;
    return { ...line, key: 'votes', sign: { type: 'votes', granted, needed } };
  }
  return { ...line, key: `${view.type} ${line.name}` };
}

/** `holder B` for `holder of order42 B, token 2`. */
function inShort(view: ShownView): Pick<WordLine, 'shortName' | 'short'> {
  return view.type === 'holder' ? { shortName: labels.holder, short: view.is } : {};
}

function leaseLines({ shown }: NodeView, values: RoleView['values']): WordLine[] {
  return shown.flatMap((view): WordLine[] => {
    if (view.type !== 'lease') return [];
    const share = view.span > 0 ? Math.min(1, Math.max(0, view.left / view.span)) : 0;
    const sign: Sign = { type: 'lease', share };
    const { name, changed } = view;
    const line = { key: `lease ${name}`, sign, name, value: pictureValue(view), changed };
    return [{ ...line, ...docOf(values, name) }];
  });
}

/** More rings around a disc could not be told apart. */
export const mostArcs = 3;

function timerLines({ timers }: NodeView): WordLine[] {
  return timers.slice(0, mostArcs).map((timer, ring) => {
    const sign: Sign = { type: 'timer', share: shareLeft(timer), ring };
    return {
      key: `timer ${timer.name}`,
      sign,
      name: timer.name,
      value: timerText(timer),
      short: timerShort(timer),
      changed: false,
    };
  });
}

export function shareLeft({ left, span }: { left: number; span: number }): number {
  return span > 0 ? Math.min(1, Math.max(0, left / span)) : 0;
}

/** The last entry, such as a no-op, explains itself. */
function logLine({ log }: NodeView, values: RoleView['values']): WordLine[] {
  if (!log || log.entries.length === 0) return [];
  const entries = log.entries.slice(-7);
  const changed = entries.some((entry) => entry.changed);
  const last = entries.at(-1)!;
  // Labels of entries are a protocol's own, and no keys of clients.
  const doc = Object.hasOwn(values, last.label) ? values[last.label] : undefined;
  return [{
    key: 'log', sign: { type: 'log', entries }, name: labels.log, value: String(last.index),
    changed,
    doc: explained(lastEntryText(last), '', doc ?? ''),
  }];
}
