/** What a scenario file says in its comments: about the whole, and about each step. */
import type { Placed } from './positions.ts';

/** A comment line deeper than this below a step continues the comment beside the step. */
const continuedFrom = 3;

/** The comments above and beside a step; empty if there are none. */
export function commentOfStep(source: string, { offset, end }: Placed): string {
  // A step that a launch configuration sets is not in the file.
  if (end <= offset) return '';
  const start = startOfLine(source, offset);
  const dash = indentOf(source, start);
  return paragraphs([...above(source, start, dash), '#', ...beside(source, end, dash)]);
}

/** The comment with which the file begins. */
export function openingComment(source: string): string {
  const lines: string[] = [];
  for (let at = 0; at < source.length; ) {
    const line = lineAt(source, at).trim();
    if (line !== '' && !line.startsWith('#')) break;
    lines.push(line === '' ? '#' : line);
    at = endOfLine(source, at) + 1;
  }
  return paragraphs(lines.filter((line) => !/^#\s*yaml-language-server:/.test(line)));
}

/** The comment lines between a step and the line before it that has something else. */
function above(source: string, start: number, dash: number): string[] {
  const lines: string[] = [];
  let at = start;
  while (at > 0) {
    at = startOfLine(source, at - 1);
    const line = lineAt(source, at).trim();
    if (line !== '' && !line.startsWith('#')) break;
    if (line !== '' && indentOf(source, at) >= dash + continuedFrom) break;
    lines.unshift(line === '' ? '#' : line);
  }
  return lines;
}

/** The comment after a step on its last line, and the deeper comment lines below it. */
function beside(source: string, end: number, dash: number): string[] {
  // The text of a block ends with its last line.
  if (source[end - 1] === '\n') return [];
  const found = /^["']?[ \t]+(#.*)$/.exec(source.slice(end, endOfLine(source, end)).trimEnd());
  if (found === null) return [];
  const lines = [found[1]];
  for (let at = endOfLine(source, end) + 1; at < source.length; at = endOfLine(source, at) + 1) {
    const line = lineAt(source, at).trim();
    if (!line.startsWith('#') || indentOf(source, at) < dash + continuedFrom) break;
    lines.push(line);
  }
  return lines;
}

/** Comment lines as running text: an empty one begins a new paragraph, which is a line. */
function paragraphs(lines: readonly string[]): string {
  const texts = [''];
  for (const line of lines) {
    const text = line.replace(/^#+/, '').trim();
    if (text === '') texts.push('');
    else texts.push(`${texts.pop()!} ${text}`.trim());
  }
  return texts.filter((text) => text !== '').join('\n');
}

function startOfLine(source: string, at: number): number {
  return at <= 0 ? 0 : source.lastIndexOf('\n', at - 1) + 1;
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

function lineAt(source: string, start: number): string {
  return source.slice(start, endOfLine(source, start));
}

function indentOf(source: string, start: number): number {
  let at = start;
  while (source[at] === ' ') at++;
  return at - start;
}
