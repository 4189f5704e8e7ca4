/** Coverage as text for people, and as an lcov file for other tools. */
import type { CoveredFile, CoverageReport } from '../../check/coverage/report.ts';

/** So many names or ranges are listed. */
const listedMost = 12;

export function coverageText(report: CoverageReport): string {
  const { protocol, events, promises, files, whyNoLines } = report;
  const missing = events.filter(({ count }) => count === 0).map(({ name }) => name);
  const untested = promises.filter(({ isTested }) => !isTested).map(({ name }) => name);
  return [
    `coverage of ${protocol}`,
    `  events: ${ofText(events.length - missing.length, events.length)} occurred` +
      listText('never', missing),
    `  promises: ${ofText(promises.length - untested.length, promises.length)} put to the test`,
    ...untested.map((name) => `    ! ${name} was never put to the test`),
    ...(whyNoLines === undefined ? [] : [`  lines: not counted, because ${whyNoLines}`]),
    ...files.map(fileText),
    '',
  ].join('\n');
}

function fileText({ file, statements }: CoveredFile): string {
  const lines = linesOf(statements);
  const missing = [...lines].filter(([, count]) => count === 0).map(([line]) => line);
  const all = [...lines.keys()].sort((a, b) => a - b);
  const ran = ofText(lines.size - missing.length, lines.size);
  return `  ${file}: ${ran} lines ran${listText('never', rangesOf(missing, all))}`;
}

/** How often each line ran: as often as the statement of it that ran most. */
function linesOf(statements: CoveredFile['statements']): Map<number, number> {
  const lines = new Map<number, number>();
  for (const { line, count } of statements) {
    lines.set(line, Math.max(lines.get(line) ?? 0, count));
  }
  return lines;
}

/** Ranges of lines between which all others have no statement. */
function rangesOf(missing: readonly number[], all: readonly number[]): string[] {
  const sorted = [...missing].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const line of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && all[all.indexOf(last[1]) + 1] === line) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}

function ofText(part: number, whole: number): string {
  return `${part} of ${whole}`;
}

function listText(label: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > listedMost ? ', …' : '';
  return `; ${label}: ${names.slice(0, listedMost).join(', ')}${more}`;
}

/** The format of lcov's `geninfo`. */
export function lcovText(reports: readonly CoverageReport[]): string {
  const all = reports.flatMap(({ files }) => files);
  return all.map(({ file, statements, functions }) => {
    const lines = [...linesOf(statements)].sort(([a], [b]) => a - b);
    const called = functions.filter(({ count }) => count > 0).length;
    const ran = lines.filter(([, count]) => count > 0).length;
    return [
      `SF:${file}`,
      ...functions.map(({ name, line }) => `FN:${line},${name}`),
      ...functions.map(({ name, count }) => `FNDA:${count},${name}`),
      `FNF:${functions.length}`,
      `FNH:${called}`,
      ...lines.map(([line, count]) => `DA:${line},${count}`),
      `LF:${lines.length}`,
      `LH:${ran}`,
      'end_of_record',
      '',
    ].join('\n');
  }).join('');
}
