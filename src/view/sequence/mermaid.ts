/** The items of a run as a Mermaid sequence diagram in which no label can become syntax. */
import type { Outcome, Participant, SequenceItem } from './contract.ts';
import { outcomeWord } from './panel-words/sequence.ts';

/** Columns stay narrow: labels are broken at this many characters, and cut after so many lines. */
const messageWidth = 22;
const noteWidth = 28;
const linesMax = 6;

const arrows: Record<Outcome, string> = {
  delivered: '->>',
  'in-flight': '--)',
  lost: '-x',
  refused: '--x',
  reset: '-x',
};

/**
 * One line per participant and one per item, in order. The panel relies on that: the item with
 * index `k` is the signal or note that Mermaid numbers `k`.
 */
export function sequenceToMermaid(participants: Participant[], items: SequenceItem[]): string {
  const keys = participantKeys(participants, items);
  const lines = ['sequenceDiagram'];
  for (const participant of withUnlisted(participants, keys)) {
    lines.push(`    participant ${keys.get(participant.id)} as ${participantLabel(participant)}`);
  }
  for (const item of items) lines.push(`    ${itemLine(item, keys)}`);
  return `${lines.join('\n')}\n`;
}

/** The nodes of the diagram's columns, from left to right. */
export function columnsOf(participants: Participant[], items: SequenceItem[]): string[] {
  return [...participantKeys(participants, items).keys()];
}

/** A line for each part, which keeps columns as narrow as their messages allow. */
function participantLabel({ id, about }: Participant): string {
  return linesLabel([id, ...about], messageWidth);
}

function linesLabel(lines: string[], width: number): string {
  return lines.map((line) => escapeLabel(line, width)).join('<br/>');
}

function itemLine(item: SequenceItem, keys: Map<string, string>): string {
  switch (item.type) {
    case 'message': {
      const arrow = `${keys.get(item.from)}${arrows[item.outcome]}${keys.get(item.to)}`;
      return `${arrow}: ${escapeLabel(messageText(item), messageWidth)}`;
    }
    case 'event': {
      const lines = [item.name, item.fields].filter((line) => line !== '');
      return `Note over ${keys.get(item.node)}: ${linesLabel(lines, noteWidth)}`;
    }
    case 'operation':
    case 'fault':
      return `Note over ${columnSpan(item.nodes, keys)}: ${escapeLabel(item.text, noteWidth)}`;
  }
}

/** An unusual outcome is also written out: the arrow's head alone is easy to miss. */
function messageText({ label, outcome, repeated }: MessageItem): string {
  const isUnusual = outcome !== 'delivered' && outcome !== 'in-flight';
  const words = isUnusual ? `${label} (${outcomeWord(outcome)})` : label;
  return repeated ? `${words} × ${repeated.times}` : words;
}

type MessageItem = Extract<SequenceItem, { type: 'message' }>;

/** Mermaid spans a note between two columns: here from the first to the last of the nodes. */
function columnSpan(nodes: string[], keys: Map<string, string>): string {
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
function participantKeys(participants: Participant[], items: SequenceItem[]): Map<string, string> {
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

function nodesOf(item: SequenceItem): readonly string[] {
  switch (item.type) {
    case 'message':
      return [item.from, item.to];
    case 'event':
      return [item.node];
    case 'operation':
    case 'fault':
      return item.nodes;
  }
}

/** Adds the nodes that only items name. */
function withUnlisted(participants: Participant[], keys: Map<string, string>): Participant[] {
  const about = new Map(participants.map((participant) => [participant.id, participant.about]));
  return [...keys.keys()].map((id) => ({ id, about: about.get(id) ?? [] }));
}

/** Breaks a label into lines and escapes every character that means something to Mermaid. */
export function escapeLabel(label: string, width: number): string {
  const plain = label
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return breakLines(plain === '' ? '–' : plain, width)
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
function breakLines(text: string, width: number): string[] {
  const widest = fill(text, width);
  if (widest.length > linesMax) {
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
