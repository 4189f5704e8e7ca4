// Adds launch configurations to the content of a launch.json; everything else in it stays as it is.
import * as jsonc from 'jsonc-parser';

export interface LaunchEntry {
  readonly name: string;
  readonly program: string;
}

export type LaunchJsonEdit =
  | { readonly type: 'edited'; readonly content: string }
  /** Line and column count from 1. */
  | { readonly type: 'syntax error'; readonly line: number; readonly column: number }
  /** `configurations` is missing or is not a list. */
  | { readonly type: 'no list' };

export const emptyLaunchJson = '{\n  "version": "0.2.0",\n  "configurations": []\n}\n';

/** Appends the entries whose program no configuration has yet. */
export function withEntries(content: string, entries: readonly LaunchEntry[]): LaunchJsonEdit {
  const errors: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(content, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return { type: 'syntax error', ...positionOf(content, error.offset) };
  const list = tree && jsonc.findNodeAtLocation(tree, ['configurations']);
  if (list?.type !== 'array') return { type: 'no list' };
  const programs = new Set(list.children?.map(programOf));
  const missing = entries.filter(({ program }) => !programs.has(program));
  if (missing.length === 0) return { type: 'edited', content };
  return { type: 'edited', content: jsonc.applyEdits(content, appending(content, list, missing)) };
}

function programOf(configuration: jsonc.Node): unknown {
  return jsonc.findNodeAtLocation(configuration, ['program'])?.value;
}

function positionOf(content: string, offset: number): { line: number; column: number } {
  const lines = content.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/**
 * Inserts before the closing bracket. `jsonc.modify` would insert directly after the last entry,
 * before a comment on the same line, and would reformat that entry.
 */
function appending(
  content: string,
  list: jsonc.Node,
  entries: readonly LaunchEntry[],
): jsonc.EditResult {
  const eol = content.includes('\r\n') ? '\r\n' : '\n';
  const unit = /^([ \t]+)"/m.exec(content)?.[1] ?? '  ';
  const outer = indentationAt(content, list.offset);
  const [first, last] = [list.children?.at(0), list.children?.at(-1)];
  const inner =
    first && startsLine(content, first) ? indentationAt(content, first.offset) : outer + unit;
  const texts = entries.map((entry) => entryText(entry, unit).replaceAll(/^/gm, inner));
  const close = list.offset + list.length - 1;
  const end = content.slice(0, close).trimEnd().length;
  const added = `\n${texts.join(',\n')}\n${outer}`.replaceAll('\n', eol);
  const lastEnd = last && last.offset + last.length;
  const needsComma = lastEnd !== undefined && !hasCommaAt(content, lastEnd);
  return [
    ...(needsComma ? [{ offset: lastEnd, length: 0, content: ',' }] : []),
    { offset: end, length: close - end, content: added },
  ];
}

function entryText({ name, program }: LaunchEntry, unit: string): string {
  return JSON.stringify({ type: 'lockstep', request: 'launch', name, program }, null, unit);
}

function indentationAt(content: string, offset: number): string {
  const line = content.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(content.slice(line))![0];
}

function startsLine(content: string, { offset }: jsonc.Node): boolean {
  const line = content.lastIndexOf('\n', offset - 1) + 1;
  return line > 0 && content.slice(line, offset).trim() === '';
}

/** Whether a comma follows, after any whitespace and comments. */
function hasCommaAt(content: string, offset: number): boolean {
  const scanner = jsonc.createScanner(content, true);
  scanner.setPosition(offset);
  scanner.scan();
  return content[scanner.getTokenOffset()] === ',';
}
