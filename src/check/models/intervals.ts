/** Operations as intervals, drawn with characters: one without a response has an open end. */
import type { History, HistoryOperation } from '../../protocol/history.ts';

const columnsMax = 40;

export function intervals(
  history: History,
  operations: readonly number[],
  textOf: (operation: HistoryOperation) => string,
): string[] {
  const chosen = operations.map((one) => history[one]);
  const positions = chosen.flatMap(({ invoked, returned }) => [invoked, returned ?? invoked]);
  const columns = [...new Set(positions)].sort((a, b) => a - b);
  const step = columns.length * 2 <= columnsMax ? 2 : 1;
  const column = (position: number) => columns.indexOf(position) * step;
  const width = columns.length * step;
  return chosen.map((operation) => {
    const { invoked, returned } = operation;
    const start = column(invoked);
    const end = returned === undefined ? width : column(returned);
    const line = '─'.repeat(Math.max(0, end - start - 1));
    const bar = `${' '.repeat(start)}├${line}${returned === undefined ? '╌' : '┤'}`;
    return `  ${bar.padEnd(width + 1)}  ${textOf(operation)}`;
  });
}
