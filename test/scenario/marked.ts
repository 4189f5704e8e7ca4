// A file's problems as a person sees them: the line, a mark below the place, what is wrong.
import type { Problem } from '../../src/scenario/problem.ts';

export function marked(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n');
  return problems
    .map((problem) => {
      const { line, column, endLine, endColumn, message, hint, severity } = problem;
      const text = (lines[line - 1] ?? '').slice(0, 100);
      const width = endLine === line ? endColumn - column : text.length - column + 1;
      const mark = `${' '.repeat(Math.min(column - 1, 100))}${'^'.repeat(Math.min(100, Math.max(1, width)))}`;
      const said = `${severity === 'warning' ? 'warning: ' : ''}${message}`;
      return [`${line}: ${text}`, `${' '.repeat(`${line}: `.length)}${mark}`, `   ${said}`]
        .concat(hint ? [`   ${hint}`] : [])
        .join('\n');
    })
    .join('\n\n');
}
