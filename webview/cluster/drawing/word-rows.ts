/** Fits a node's lines into the room beside its disc: wrapped if there is room, cut at last. */

import { explained } from '../../../src/view/panel-words/cluster.ts';
import { fit, textWidth } from '../../ui/measure.ts';
import type { WordRoom } from '../layout/slot.ts';
import type { WordLine } from './node-words.ts';
import { signWidth } from './signs.ts';
import type { Sign } from './signs.ts';

/** What is drawn in one row. A line that is wrapped has two of them. */
export interface WordRow {
  key: string;
  sign?: Sign;
  /** Where its text begins, from where its sign does. */
  indent: number;
  name: string;
  value: string;
  /** In CSS pixels, without the sign. */
  wide: number;
  changed: boolean;
  isStrong: boolean;
  /** What a pointer over it says; absent if nothing more than the row. */
  title?: string;
}

export const lineSize = 11.5;
/** How much wider letters in bold are. */
export const strong = 1.1;

/**
 * Lines that need two rows take them from the free room and from lines that are extra; what must
 * be read whole always does, and so do names that would be cut to the same letters.
 */
export function rowsOf(lines: WordLine[], room: WordRoom): WordRow[] {
  const rows = placed(lines, room, []);
  const cut = rows.map(({ name }) => name).filter((name) => name.endsWith('…'));
  const alike = rows.filter(({ name }) => cut.filter((other) => other === name).length > 1);
  return alike.length === 0 ? rows : placed(lines, room, alike.map(({ key }) => key));
}

function placed(
  lines: WordLine[],
  { width, lines: most }: WordRoom,
  /** Lines that have two rows or none. */
  wrapped: readonly string[],
): WordRow[] {
  const rows: WordRow[] = [];
  for (const [at, line] of lines.entries()) {
    const later = lines.slice(at + 1).filter(({ isExtra }) => line.isExtra || !isExtra);
    const isWrapped = wrapped.includes(line.key);
    const mayWrap = isWrapped || rows.length + 2 + later.length <= most;
    const own = fitted(line, width, mayWrap);
    if (!isWrapped || rows.length + own.length <= most) rows.push(...own);
  }
  return rows.slice(0, most);
}

/** The whole in a row or in its short form, in two rows, or with its name abbreviated. */
function fitted(line: WordLine, width: number, mayWrap: boolean): WordRow[] {
  const { name, value, shortName = name, short = value } = line;
  const forms = [[name, value], [name, short], [shortName, value], [shortName, short]] as const;
  for (const [of, text] of forms) {
    const one = row(line, of, text);
    if (one.indent + one.wide <= width) return [one];
  }
  return mayWrap || line.rows ? twoRows(line, width) : abbreviated(line, width);
}

function sizeOf({ changed, isStrong }: WordLine): number {
  return lineSize * (changed || isStrong ? strong : 1);
}

function row(line: WordLine, name: string, value: string): WordRow {
  const { key, sign, changed, isStrong = false, doc = '' } = line;
  const text = name === '' || value === '' ? name + value : `${name} ${value}`;
  const isWhole = name === line.name && value === line.value;
  return {
    key,
    ...(sign ? { sign } : {}),
    indent: sign ? signWidth(sign) : 0,
    name,
    value,
    wide: textWidth(text, sizeOf(line)),
    changed,
    isStrong,
    ...(isWhole && doc === '' ? {} : { title: explained(line.name, line.value, doc) }),
  };
}

function withoutSign(line: WordLine): WordLine {
  const { sign: _, ...rest } = line;
  return rest;
}

/** With fewer letters, a name could be any. */
const leastOfName = 3;

/**
 * A name is abbreviated before its value, by whole words and then by letters, and never left out:
 * a time without a name could be any. Its sign is, and at last the line.
 */
function abbreviated(line: WordLine, width: number): WordRow[] {
  const { name, value, shortName = name, short = value, sign } = line;
  const size = sizeOf(line);
  const bare = withoutSign(line);
  for (const one of sign ? [line, bare] : [line]) {
    const room = width - (one.sign ? signWidth(one.sign) : 0);
    if (name === '') {
      if (one === bare || !sign || textWidth(value, size) <= room) return [cutValue(one, room)];
      continue;
    }
    const cut = shortest(shortName, room - textWidth(` ${short}`, size), size);
    if (cut !== undefined) return [row(one, cut, short)];
  }
  // The beginning of a value tells something, unless it is a time.
  const room = width - textWidth(' ', size);
  const cut = shortest(shortName, room * 0.6, size);
  const isTime = line.sign?.type === 'timer' || line.sign?.type === 'lease';
  if (cut === undefined || isTime) return [];
  const said = fit(value, room - textWidth(cut, size), size);
  return said !== value && said.length <= leastOfName ? [] : [row(bare, cut, said)];
}

/** Without words from its end, or without letters; undefined if too few would be left. */
function shortest(name: string, room: number, size: number): string | undefined {
  if (textWidth(name, size) <= room) return name;
  const words = name.split(' ');
  for (let count = words.length - 1; count > 0; count--) {
    const last = words[count - 1]!;
    const text = `${words.slice(0, count).join(' ')}…`;
    if (last.length >= leastOfName && textWidth(text, size) <= room) return text;
  }
  const letters = [...words[0]!];
  const least = `${letters.slice(0, leastOfName).join('')}…`;
  return textWidth(least, size) <= room ? fit(words[0]! + '…', room, size) : undefined;
}

/** The end of some values is kept: a term, beside a standing that is cut. */
function cutValue(line: WordLine, room: number): WordRow {
  const { value, tail } = line;
  const size = sizeOf(line);
  if (tail === undefined) return row(line, '', fit(value, room, size));
  const head = value.slice(0, -tail.length).replace(/[, ]+$/, '');
  return row(line, '', `${fit(head, room - textWidth(` ${tail}`, size), size)} ${tail}`);
}

/** The name above its value, or the words of the value as they fit. */
function twoRows(line: WordLine, width: number): WordRow[] {
  const { name, value, rows, sign } = line;
  const size = sizeOf(line);
  const room = width - (sign ? signWidth(sign) : 0);
  if (rows) {
    // Without room for its sign, the words say it alone.
    const head = row(textWidth(rows[0], size) <= room ? line : withoutSign(line), '', rows[0]);
    return [head, below(line, head.indent, rows[1], width)];
  }
  const indent = sign ? signWidth(sign) : 0;
  if (name !== '') {
    const cut = shortest(name, room, size);
    if (cut === undefined && sign) return twoRows(withoutSign(line), width);
    const said = textWidth(value, size) <= width ? value : line.short ?? value;
    return [row(line, cut ?? fit(name, room, size), ''), below(line, indent, said, width)];
  }
  const words = value.split(' ');
  let count = 1;
  while (textWidth(words.slice(0, count + 1).join(' '), size) <= room) count++;
  const first = words.slice(0, count).join(' ');
  if (count === words.length || textWidth(first, size) > room) return abbreviated(line, width);
  return [row(line, '', first), below(line, indent, words.slice(count).join(' '), width)];
}

/** The second row has no sign; it begins below the words of the first if it fits there. */
function below(line: WordLine, indent: number, text: string, width: number): WordRow {
  const bare = withoutSign(line);
  const size = sizeOf(line);
  const from = textWidth(text, size) <= width - indent ? indent : 0;
  const second = row({ ...bare, key: `${line.key} below` }, '', fit(text, width - from, size));
  return { ...second, indent: from };
}
