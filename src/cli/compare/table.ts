/** Rows and columns as text for a terminal, or as a table in Markdown. */
import type { Column } from './columns.ts';
import type { Row } from './row.ts';

const absent = '–';

export function tableText(
  columns: readonly Column[],
  rows: readonly Row[],
  isMarkdown: boolean,
): string {
  return isMarkdown ? markdown(columns, rows) : plain(columns, rows);
}

function cellOf(column: Column, row: Row): readonly string[] {
  const lines = column.cell(row);
  return lines.length === 0 ? [absent] : lines;
}

function markdown(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ head }) => escaped(head)),
    columns.map(({ isNumber }) => (isNumber ? '--:' : '---')),
    ...rows.map((row) => columns.map((column) => {
      const text = cellOf(column, row).map(escaped).join('<br>');
      const link = column.link?.(row);
      return link === undefined ? text : `[${text}](${address(link)})`;
    })),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function address(file: string): string {
  return encodeURI(file.replaceAll('\\', '/')).replaceAll(/[#?]/g, encodeURIComponent);
}

/** A cell of Markdown shows any text as it is. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}

/** Cells with several lines make a row of several lines. */
function plain(columns: readonly Column[], rows: readonly Row[]): string {
  const heads = columns.map(({ head }) => [head]);
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row)));
  const widths = columns.map((_, i) => {
    return Math.max(...[heads, ...cells].flatMap((row) => row[i].map((line) => line.length)));
  });
  return [heads, ...cells].map((row) => rowLines(columns, row, widths)).join('');
}

function rowLines(
  columns: readonly Column[],
  row: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const height = Math.max(...row.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const cells = columns.map(({ isNumber }, i) => {
      const text = row[i][line] ?? '';
      return isNumber ? text.padStart(widths[i]) : text.padEnd(widths[i]);
    });
    return `${cells.join('  ').trimEnd()}\n`;
  }).join('');
}
