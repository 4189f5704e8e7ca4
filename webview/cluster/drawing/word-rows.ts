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

const lineSize = 11.5;

/** Lines that need two rows take them from the free room; what must be read whole always does. */
export function rowsOf(lines: WordLine[], { width, lines: most }: WordRoom): WordRow[] {
  let spare = most - lines.length;
  const rows = lines.flatMap((line) => {
    const whole = wholeRow(line);
    if (whole.indent + whole.wide <= width) return [whole];
    if (spare <= 0 && !line.rows) return [shortRow(line, width)];
    spare--;
    return twoRows(line, width);
  });
  return rows.slice(0, most);
}

function sizeOf({ changed, isStrong }: WordLine): number {
  // Letters in bold are about a tenth wider.
  return lineSize * (changed || isStrong ? 1.1 : 1);
}

function row(line: WordLine, name: string, value: string): WordRow {
  const { key, sign, changed, isStrong = false, doc } = line;
  const text = name === '' || value === '' ? name + value : `${name} ${value}`;
  return {
    key,
    ...(sign ? { sign } : {}),
    indent: sign ? signWidth(sign) : 0,
    name,
    value,
    wide: textWidth(text, sizeOf(line)),
    changed,
    isStrong,
    ...(doc === undefined ? {} : { title: explained(line.name, line.value, doc) }),
  };
}

function wholeRow(line: WordLine): WordRow {
  return row(line, line.name, line.value);
}

/** The value matters more than its name: a sign says what the line is about, too. */
function shortRow(line: WordLine, width: number): WordRow {
  const { name, sign, value: whole, short = whole } = line;
  const size = sizeOf(line);
  const room = width - (sign ? signWidth(sign) : 0);
  const value = textWidth(whole, size) <= room ? whole : short;
  const left = room - textWidth(`${value} `, size);
  if (name === '' || sign) return row(line, '', fit(value, room, size));
  if (left >= textWidth('mmm', size)) return row(line, fit(name, left, size), value);
  const named = fit(name, room * 0.4, size);
  return row(line, named, fit(value, room - textWidth(`${named} `, size), size));
}

/** The name above its value, or the words of the value as they fit. */
function twoRows(line: WordLine, width: number): WordRow[] {
  const { name, value, rows, sign } = line;
  const size = sizeOf(line);
  const room = width - (sign ? signWidth(sign) : 0);
  if (rows) {
    // Without room for its sign, the words say it alone.
    const { sign: _, ...bare } = line;
    const head = row(textWidth(rows[0], size) <= room ? line : bare, '', rows[0]);
    return [head, below(line, head.indent, rows[1], width)];
  }
  const indent = sign ? signWidth(sign) : 0;
  if (name !== '') {
    const { short = value } = line;
    const said = textWidth(value, size) <= width ? value : short;
    return [row(line, fit(name, room, size), ''), below(line, indent, said, width)];
  }
  const words = value.split(' ');
  let count = 1;
  while (textWidth(words.slice(0, count + 1).join(' '), size) <= room) count++;
  const first = words.slice(0, count).join(' ');
  if (count === words.length || textWidth(first, size) > room) return [shortRow(line, width)];
  return [row(line, '', first), below(line, indent, words.slice(count).join(' '), width)];
}

/** The second row has no sign; it begins below the words of the first if it fits there. */
function below(line: WordLine, indent: number, text: string, width: number): WordRow {
  const { sign: _, ...bare } = line;
  const size = sizeOf(line);
  const from = textWidth(text, size) <= width - indent ? indent : 0;
  const second = row({ ...bare, key: `${line.key} below` }, '', fit(text, width - from, size));
  return { ...second, indent: from };
}
