/** The standings of a role as a Mermaid state diagram, in which no label can become syntax. */
import { stateLabel, transitionLabel } from '../panel-words/roles.ts';
import type { RolesView, StateView, TransitionView } from './roles-view.ts';

/** How much the labels of a diagram say, and how many letters a line of them has. */
export type Wording = 'whole' | 'brief' | 'narrow';

const labelWidth: Record<Wording, number> = { whole: 22, brief: 32, narrow: 12 };

/**
 * States are numbered in their order, and transitions are lines in their order. The panel relies on
 * that: the transition with index `k` is the edge that Mermaid numbers `k`. A diagram that is not
 * whole leaves out what causes transitions that were never taken.
 */
export function rolesToMermaid(
  { role, states, transitions }: Pick<RolesView, 'role' | 'states' | 'transitions'>,
  wording: Wording = 'whole',
): string {
  if (states.length === 0) return '';
  const keyOf = new Map(states.map(({ standing }, index) => [standing, `s${index}`]));
  const key = (standing: string | null) => (standing === null ? '[*]' : keyOf.get(standing));
  const lines = ['stateDiagram-v2'];
  for (const state of states) {
    lines.push(`    ${stateLine(state, keyOf.get(state.standing)!, role)}`);
  }
  for (const one of transitions) {
    lines.push(`    ${key(one.from)} --> ${key(one.to)}: ${label(one, wording)}`);
  }
  return `${lines.join('\n')}\n`;
}

function stateLine(state: StateView, key: string, role: string): string {
  const text = stateLabel(state, role).map((line) => escaped(line, labelWidth.whole)).join('<br/>');
  return `state "${text}" as ${key}`;
}

function label(one: TransitionView, wording: Wording): string {
  if (wording !== 'whole' && one.count === 0 && one.now.length === 0) return '…';
  return transitionLabel(one).map((line) => escaped(line, labelWidth[wording])).join('<br/>');
}

/**
 * Mermaid writes a character as `#` with its code point and `;`. In a state diagram, labels are
 * Markdown, so only letters, digits, spaces, commas and full stops stay as they are. A number with
 * a full stop at the beginning of a line would begin a list, and `end` closes a block.
 */
function escaped(text: string, width: number): string {
  const plain = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return linesOf(plain === '' ? '–' : plain, width).map(escapedLine).join('<br/>');
}

function escapedLine(line: string): string {
  return [...line.replace(/[^\p{L}\p{N} ,§–·×]/gu, (sign) => code(sign))]
    .join('')
    .replace(/\b(e)(nd)\b/gi, (_whole, first: string, rest: string) => code(first) + rest)
    .replace(/\ufb02|\u00b6/g, (sign) => code(sign));
}

function code(sign: string): string {
  return `#${sign.codePointAt(0)};`;
}

function linesOf(text: string, width: number): string[] {
  const lines: string[] = [''];
  // How often it was taken stays with the word before.
  for (const word of text.split(/ (?!× \d)(?<!× )/)) {
    const line = lines.at(-1)!;
    const cut = word.length > 2 * width ? `${word.slice(0, 2 * width - 2)}…` : word;
    if (line === '') lines[lines.length - 1] = cut;
    else if (line.length + 1 + cut.length <= width) lines[lines.length - 1] = `${line} ${cut}`;
    else lines.push(cut);
  }
  return lines.length > 6 ? [...lines.slice(0, 5), '…'] : lines;
}
