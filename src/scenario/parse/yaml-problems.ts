/** What is wrong with a file as YAML, in words about its lines: one complaint a line. */
import type { Document, YAMLError } from 'yaml';
import { itemHint, type Problems } from './positions.ts';

/** One open bracket may be followed by thousands of complaints. */
const complaintsMax = 20;

export function addYamlProblems({ errors }: Document, problems: Problems): void {
  const { source } = problems;
  const lines = new Set<number>();
  for (const error of errors.slice(0, complaintsMax)) {
    const { pos, code, message } = error;
    if (!isMisplaced(error)) {
      problems.add(yamlWords[code] ?? `not YAML: ${message}`, pos[0], pos[1]);
      continue;
    }
    // A key that YAML sees in several lines ends in the one that stands wrong.
    const at = Math.max(pos[0], pos[1] - 1);
    const from = source.lastIndexOf('\n', at - 1) + 1;
    // One line in the wrong place is complained of in several ways.
    if (lines.has(from)) continue;
    lines.add(from);
    const text = source.slice(from).split('\n', 1)[0].trimEnd();
    const { words, hint } = misplacedWords(text);
    const start = Math.max(0, text.search(/\S/));
    problems.add(words, from + start, from + text.length, hint);
  }
}

/** Whether the rest of the file may mean something else than it seems to. */
export function isStructural({ code }: YAMLError): boolean {
  return code !== 'DUPLICATE_KEY' && code !== 'MULTIPLE_DOCS';
}

const yamlWords: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  TAB_AS_INDENT: 'YAML is indented with spaces, not with tabs',
  MULTIPLE_DOCS: 'a file holds one scenario: there is a second document here',
};

function isMisplaced({ code, message }: YAMLError): boolean {
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') return true;
  return /^(All (sequence|mapping) items|Implicit map keys)/.test(message);
}

function misplacedWords(line: string): { words: string; hint?: string } {
  if (/^\s*-(\s|$)/.test(line)) {
    return { words: 'this `-` is not below the others of its list', hint: itemHint };
  }
  if (/^\s*-/.test(line)) {
    return { words: 'this is no item of a list', hint: 'write a space behind its `-`' };
  }
  if (/^\s/.test(line)) {
    const words = 'this line goes on with nothing above it';
    return { words, hint: 'an item of a list begins with `- `' };
  }
  return { words: 'a `:` is expected behind a name', hint: 'write `name: value`' };
}
