/** Takes the steps of a scenario line by line, without the YAML library. */
import type { Placed } from './positions.ts';

// The library needs a second for ten thousand steps. This reader takes the steps only if every line
// means to YAML exactly what it says. Otherwise the library reads all of them, so a file means the
// same either way.

export interface StepLines {
  readonly lines: readonly Placed[];
  /** The source with the steps as one comment of the same length, for the library to read. */
  readonly rest: string;
}

/** Undefined if the steps are not all plain lines. */
export function takeStepLines(source: string): StepLines | undefined {
  const head = /^steps:[ ]*(?:#.*)?\r?$/m.exec(source);
  if (head === null) return undefined;
  const from = head.index + head[0].length + 1;
  const lines: Placed[] = [];
  let indent = -1;
  let at = from;
  let end = from;
  while (at < source.length) {
    let stop = source.indexOf('\n', at);
    if (stop < 0) stop = source.length;
    const text =
      source.charCodeAt(stop - 1) === 13 ? source.slice(at, stop - 1) : source.slice(at, stop);
    const first = indentOf(text);
    if (first < text.length && text[first] !== '#') {
      if (text[first] !== '-' || text[first + 1] !== ' ') {
        // A line at the left edge ends the steps; any other one continues a step.
        if (first === 0 && !/^(---|\.\.\.)/.test(text)) break;
        return undefined;
      }
      if (indent < 0) indent = first;
      else if (first !== indent) return undefined;
      const line = plainLine(text, first + 1, at);
      if (line === undefined) return undefined;
      lines.push(line);
      end = stop;
    }
    at = stop + 1;
  }
  if (lines.length === 0) return undefined;
  const rest = `${source.slice(0, from)}#${' '.repeat(end - from - 1)}${source.slice(end)}`;
  return { lines, rest };
}

function indentOf(text: string): number {
  let at = 0;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

const indicators = new Set('[]{}&*!|>%@`"\'#,?:-~');

/** The plain text after the dash, up to a comment; undefined if YAML would read more into it. */
function plainLine(line: string, from: number, offset: number): Placed | undefined {
  let start = from;
  while (line.charCodeAt(start) === 32) start++;
  if (start >= line.length || indicators.has(line[start])) return undefined;
  const comment = line.indexOf(' #', start);
  let end = comment < 0 ? line.length : comment;
  while (line.charCodeAt(end - 1) === 32) end--;
  let pairs = 0;
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at);
    if (code < 32 || code === 127 || code === 0xfeff) return undefined;
    if (code !== colon) continue;
    const next = at + 1 < end ? line.charCodeAt(at + 1) : 32;
    if (next !== 32) continue;
    // A pair (`at 2s: heal`) is taken as it is written if both of its halves are plain.
    let value = at + 1;
    while (line.charCodeAt(value) === 32) value++;
    if (++pairs > 1 || value >= end || indicators.has(line[value])) return undefined;
  }
  return { text: line.slice(start, end), offset: offset + start, exact: true, end: offset + end };
}

const colon = 58;
