/** The window of a run as a Mermaid sequence diagram, in which no label can become syntax. */

import type { SequenceItem, SequenceView } from './contract.ts';

type Participants = SequenceView['participants'];
type MessageItem = Extract<SequenceItem, { type: 'message' }>;

/** Columns stay narrow: a label is broken at this many characters, and cut after so many lines. */
const messageWidth = 22;
const noteWidth = 28;
const linesMax = 4;

const arrows: Record<MessageItem['outcome'], string> = {
  delivered: '->>',
  'in flight': '--)',
  lost: '-x',
  refused: '--x',
};

/**
 * One line for each participant and one for each item, in their order: the item with index `k` is
 * the signal or note with number `k`, which is how a panel finds it again in the picture.
 */
export function sequenceToMermaid(participants: Participants, items: SequenceItem[]): string {
  const keys = participantKeys(participants, items);
  const lines = ['sequenceDiagram'];
  for (const { id, label } of withUnlisted(participants, keys)) {
    lines.push(`    participant ${keys.get(id)} as ${participantLabel(label || id)}`);
  }
  for (const item of items) lines.push(`    ${itemLine(item, keys)}`);
  return `${lines.join('\n')}\n`;
}

/** `n1 · leader · term 2` as three lines: a column is then no wider than its messages need. */
function participantLabel(label: string): string {
  return label
    .split(' · ')
    .map((line) => escapeLabel(line, messageWidth))
    .join('<br/>');
}

function itemLine(item: SequenceItem, keys: Map<string, string>): string {
  switch (item.type) {
    case 'message': {
      const arrow = `${keys.get(item.from)}${arrows[item.outcome]}${keys.get(item.to)}`;
      return `${arrow}: ${escapeLabel(outcomeLabel(item), messageWidth)}`;
    }
    case 'event': {
      // The text of an event may begin with its name, which stands on a line of its own here.
      const { name, text: whole } = item;
      const text = whole.startsWith(name) ? whole.slice(name.length).trim() : whole;
      const words = [name, text].filter((part) => part !== '');
      const label = words.map((part) => escapeLabel(part, noteWidth)).join('<br/>');
      return `Note over ${keys.get(item.node)}: ${label}`;
    }
    case 'operation':
    case 'fault':
      return `Note over ${faultSpan(item.nodes, keys)}: ${escapeLabel(item.text, noteWidth)}`;
  }
}

/** What the arrow's head says to the eye is also said in a word, where it is not the usual. */
function outcomeLabel({ label, outcome }: MessageItem): string {
  return outcome === 'lost' || outcome === 'refused' ? `${label} (${outcome})` : label;
}

/** Mermaid spans a note from one column to another: from the first to the last node concerned. */
function faultSpan(nodes: string[], keys: Map<string, string>): string {
  const columns = [...keys.values()];
  const touched = nodes.map((node) => columns.indexOf(keys.get(node)!)).sort((a, b) => a - b);
  const first = columns[touched[0] ?? 0];
  const last = columns[touched.at(-1) ?? columns.length - 1];
  return first === last ? first! : `${first},${last}`;
}

/** Node ids are free text and may be Mermaid's own words (`end`), so each gets a neutral key. */
function participantKeys(participants: Participants, items: SequenceItem[]): Map<string, string> {
  const keys = new Map<string, string>();
  const add = (id: string) => {
    if (!keys.has(id)) keys.set(id, `p${keys.size}`);
  };
  for (const { id } of participants) add(id);
  for (const item of items) {
    if (item.type === 'message') [item.from, item.to].forEach(add);
    else if (item.type === 'event') add(item.node);
    else item.nodes.forEach(add);
  }
  if (keys.size === 0) add('nobody');
  return keys;
}

function withUnlisted(participants: Participants, keys: Map<string, string>): Participants {
  const labels = new Map(participants.map(({ id, label }) => [id, label]));
  return [...keys.keys()].map((id) => ({ id, label: labels.get(id) ?? id }));
}

/** A label as Mermaid text: in lines, with every character coded that could mean something. */
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
 * `#` and a number is Mermaid's own way to write a character. Plain are letters, digits, and the
 * signs that mean nothing in a label. U+FB02 and U+00B6 are what Mermaid puts in the place of `#`
 * and `;` while it works; `end` closes a block in some renderers; `wrap:` is a directive at the
 * start of a label, and after `style` or `classDef` a colon starts a declaration.
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

/** As few lines as the width allows, and then as even as they can be. */
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

/** A number stays with the word before it: `term 3`. */
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

/** A word that is wider than a line, cut into lines; by code points, so that none is torn. */
function pieces(word: string, width: number): string[] {
  const points = [...word];
  const parts: string[] = [];
  for (let from = 0; from < points.length; from += width) {
    parts.push(points.slice(from, from + width).join(''));
  }
  return parts.length > 0 ? parts : [''];
}
