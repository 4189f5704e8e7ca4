/** The items of a run as a Mermaid sequence diagram in which no label can become syntax. */
import {
  gapText, itemLabel, labels as words, outcomeWord, shortLabel,
} from '../panel-words/sequence.ts';
import { activationsOf, type ItemsRow, rowsOf, type SequenceRow } from './rows.ts';
import type { MessageItem, Outcome, Participant, SequenceItem } from './sequence-view.ts';

/** Columns stay narrow: labels are broken at this many characters, and cut after so many lines. */
const usualLabels: Labels = { message: () => 22, note: () => 28, linesMax: 6 };

/** How labels are broken: after how many characters, and how many lines they may have. */
export interface Labels {
  message(from: string, to: string): number;
  note(nodes: readonly string[]): number;
  /** With one line, all that a note says is on that line. */
  linesMax: number;
}

const arrows: Record<Outcome, string> = {
  delivered: '->>',
  'in-flight': '--)',
  lost: '-x',
  refused: '--x',
  reset: '-x',
};

/** Neutral grey, which every theme of Mermaid can show. */
const bandColour = 'rgba(127, 127, 127, 0.1)';

/** One line per participant, then the rows: those of one action in a band of their own. */
export function sequenceToMermaid(
  participants: readonly Participant[],
  items: readonly SequenceItem[],
  labels = usualLabels,
): string {
  const keys = participantKeys(participants, items);
  const lines = ['sequenceDiagram'];
  for (const participant of withUnlisted(participants, keys)) {
    lines.push(`    participant ${keys.get(participant.id)} as ${participantLabel(participant)}`);
  }
  lines.push(...rowLines(rowsOf(items), keys, labels));
  return `${lines.join('\n')}\n`;
}

function rowLines(
  rows: readonly SequenceRow[],
  keys: Map<string, string>,
  labels: Labels,
): string[] {
  const lines: string[] = [];
  const activations = activationsOf(rows);
  const key = (node: string) => keys.get(node)!;
  const begun = activations.filter(({ from }) => from < 0);
  lines.push(...begun.map(({ node }) => `    activate ${key(node)}`));
  rows.forEach((row, index) => {
    const band = bandOf(row);
    const isFirst = band !== undefined && band !== bandOf(rows[index - 1]);
    if (isFirst) lines.push(`    rect ${bandColour}`);
    const indent = band === undefined ? '    ' : '      ';
    lines.push(indent + rowLine(row, keys, labels));
    for (const { node, from, to } of activations) {
      if (from === index) lines.push(`${indent}activate ${key(node)}`);
      if (to === index) lines.push(`${indent}deactivate ${key(node)}`);
    }
    if (band !== undefined && band !== bandOf(rows[index + 1])) lines.push('    end');
  });
  const open = activations.filter(({ to }) => to >= rows.length);
  lines.push(...open.map(({ node }) => `    deactivate ${key(node)}`));
  return lines;
}

/** What is in flight has no band: it belongs to no action yet. */
function bandOf(row: SequenceRow | undefined): string | undefined {
  return row?.type === 'items' && row.band !== 'flight' ? row.band : undefined;
}

/** The nodes of the diagram's columns, from left to right. */
export function columnsOf(
  participants: readonly Participant[],
  items: readonly SequenceItem[],
): string[] {
  return [...participantKeys(participants, items).keys()];
}

/** A line for each part, which keeps columns as narrow as their messages allow. */
function participantLabel({ id, about }: Participant): string {
  return [id, ...about].map((line) => escapeLabel(line, 22)).join('<br/>');
}

function rowLine(row: SequenceRow, keys: Map<string, string>, labels: Labels): string {
  const all = columnSpan([], keys);
  if (row.type === 'now') return `Note over ${all}: ${escapeLabel(words.now, 40)}`;
  if (row.type === 'gap') return `Note over ${all}: ${escapeLabel(gapText(row), 60)}`;
  return itemsLine(row, keys, labels);
}

/** An arrow or a note, without what is around it. */
export function itemsLine(
  { items }: ItemsRow,
  keys: ReadonlyMap<string, string>,
  labels: Labels,
): string {
  const item = items[0]!;
  if (item.type === 'message') {
    const { from, to, outcome } = item;
    const arrow = `${keys.get(from)}${arrows[outcome]}${keys.get(to)}`;
    return `${arrow}: ${escapeLabel(messageText(item), labels.message(from, to), labels.linesMax)}`;
  }
  const nodes = nodesOf(item);
  const width = labels.note(nodes);
  const label =
    labels.linesMax === 1
      ? escapeLabel(onOneLine(items, width), width, 1)
      : items.map((one) => escapeLabel(itemLabel(one), width, labels.linesMax)).join('<br/>');
  return `Note over ${columnSpan(nodes, keys)}: ${label}`;
}

/** Items lose their details, the last one first, until all of them have room. */
function onOneLine(items: readonly SequenceItem[], width: number): string {
  const parts = items.map(itemLabel);
  const length = () => parts.join(separator).length;
  for (let place = items.length - 1; place >= 0 && length() > width; place--) {
    parts[place] = shortLabel(items[place]!);
  }
  return parts.join(separator);
}

const separator = ' · ';

/** An unusual outcome is also written out: the arrow's head alone is easy to miss. */
export function messageText({ label, outcome, repeated }: MessageItem): string {
  const isUnusual = outcome !== 'delivered' && outcome !== 'in-flight';
  const words = isUnusual ? `${label} (${outcomeWord(outcome)})` : label;
  return repeated ? `${words} × ${repeated.times}` : words;
}

/** Mermaid spans a note between two columns: here from the first to the last of the nodes. */
function columnSpan(nodes: readonly string[], keys: ReadonlyMap<string, string>): string {
  const columns = [...keys.values()];
  const touched = nodes.map((node) => columns.indexOf(keys.get(node)!)).sort((a, b) => a - b);
  const first = columns[touched[0] ?? 0];
  const last = columns[touched.at(-1) ?? columns.length - 1];
  return first === last ? first! : `${first},${last}`;
}

/**
 * Node ids may be Mermaid keywords (`end`), so each participant gets a neutral key. No key is the
 * name of a node: a reader of the text would take `p1` for the node of that name.
 */
export function participantKeys(
  participants: readonly Participant[],
  items: readonly SequenceItem[],
): Map<string, string> {
  const ids = new Set(participants.map(({ id }) => id));
  for (const id of items.flatMap(nodesOf)) ids.add(id);
  if (ids.size === 0) ids.add('no nodes');
  const taken = new Set([...ids].map((id) => id.toLowerCase()));
  const keys = new Map<string, string>();
  let number = 0;
  for (const id of ids) {
    while (taken.has(`p${number}`)) number++;
    keys.set(id, `p${number++}`);
  }
  return keys;
}

export function nodesOf(item: SequenceItem): readonly string[] {
  switch (item.type) {
    case 'message':
      return [item.from, item.to];
    case 'event':
    case 'timer':
    case 'answer':
      return [item.node];
    case 'operation':
    case 'fault':
      return item.nodes;
  }
}

/** Adds the nodes that only items name. */
function withUnlisted(
  participants: readonly Participant[],
  keys: ReadonlyMap<string, string>,
): Participant[] {
  const about = new Map(participants.map((participant) => [participant.id, participant.about]));
  return [...keys.keys()].map((id) => ({ id, about: about.get(id) ?? [] }));
}

/** Breaks a label into lines and escapes every character that means something to Mermaid. */
export function escapeLabel(label: string, width: number, linesMax = usualLabels.linesMax): string {
  const plain = label
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return breakLines(plain === '' ? '–' : plain, width, linesMax)
    .map(escapeLine)
    .join('<br/>');
}

/**
 * Mermaid writes a character as `#` with its code point and `;`. Letters, digits and some signs
 * mean nothing in a label and stay as they are. The exceptions: Mermaid uses U+FB02 and U+00B6 as
 * placeholders for `#` and `;`; `end` closes a block in some renderers; `wrap:` at the start of a
 * label is a directive, and after `style` or `classDef` a colon starts a declaration.
 */
function escapeLine(line: string): string {
  const colon = /wrap|style|classDef/i.test(line) ? '' : ':';
  const safe = ` ${colon}.,=()[]'/!?*_|+@^~-`;
  return line
    .replace(/[\0-\x7f\u00b6\ufb02]/g, (sign) =>
      /[A-Za-z0-9]/.test(sign) || safe.includes(sign) ? sign : code(sign),
    )
    .replace(/\b(e)(nd)\b/gi, (_whole, first: string, rest: string) => code(first) + rest);
}

function code(sign: string): string {
  return `#${sign.codePointAt(0)};`;
}

/** As few lines as the width allows, then as even as possible. */
function breakLines(text: string, width: number, linesMax: number): string[] {
  const widest = fill(text, width);
  if (widest.length > linesMax) {
    if (linesMax === 1) return [cutLine(text, width)];
    return [...widest.slice(0, linesMax - 1), `${widest[linesMax - 1]!.slice(0, width - 2)} …`];
  }
  let even = widest;
  const longestWord = Math.max(...wordsOf(text).map((word) => word.length));
  for (let narrower = width - 1; narrower >= longestWord; narrower--) {
    const lines = fill(text, narrower);
    if (lines.length > widest.length) break;
    even = lines;
  }
  return even;
}

/** Between code points, so that none is split. */
function cutLine(text: string, width: number): string {
  return `${[...text].slice(0, width - 1).join('').trimEnd()}…`;
}

/** Splits at spaces, but keeps a number with the word before it: `term 3`. */
function wordsOf(text: string): string[] {
  return text.split(/ (?!\d{1,6}(?:[ ,.]|$))/);
}

function fill(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of wordsOf(text).flatMap((whole) => pieces(whole, width))) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Cuts a word that is wider than a line, between code points so that none is split. */
function pieces(word: string, width: number): string[] {
  const points = [...word];
  const parts: string[] = [];
  for (let from = 0; from < points.length; from += width) {
    parts.push(points.slice(from, from + width).join(''));
  }
  return parts.length > 0 ? parts : [''];
}
