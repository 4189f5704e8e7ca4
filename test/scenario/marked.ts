// The problems of a file as a golden text: the line, a mark below the place, code, message, hint.
import type { Problem } from '../../src/scenario/problem.ts';

export function marked(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n');
  return problems
    .map((problem) => {
      const { line, column, endLine, endColumn, code, message, hint, severity } = problem;
      const text = (lines[line - 1] ?? '').slice(0, 100);
      const width = endLine === line ? endColumn - column : text.length - column + 1;
      const mark = '^'.repeat(Math.min(100, Math.max(1, width)));
      const warning = severity === 'warning' ? 'warning: ' : '';
      return [
        `${line}: ${text}`,
        `${' '.repeat(`${line}: `.length + Math.min(column - 1, 100))}${mark}`,
        `   [${code}] ${warning}${message}`,
      ]
        .concat(hint ? [`   ${hint}`] : [])
        .join('\n');
    })
    .join('\n\n');
}
