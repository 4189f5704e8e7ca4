/** What is wrong with a file as YAML, in terms of its lines, at most one problem a line. */
import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type YAMLError,
  YAMLParseError,
} from 'yaml';
import type { Mistake } from '../problem.ts';
import { itemHint, type Problems } from './positions.ts';

/** One open bracket can cause thousands of errors. */
const errorsMax = 20;

export function addYamlProblems({ errors }: Document, problems: Problems): void {
  const { source } = problems;
  const lines = new Set<number>();
  for (const error of errors.slice(0, errorsMax)) {
    const { pos } = error;
    if (!isMisplaced(error)) {
      problems.add(mistakeOf(error), pos[0], pos[1]);
      continue;
    }
    // YAML takes several lines for one key; the last of them is the one in the wrong place.
    const at = Math.max(pos[0], pos[1] - 1);
    const from = source.lastIndexOf('\n', at - 1) + 1;
    // One line in the wrong place causes several errors.
    if (lines.has(from)) continue;
    lines.add(from);
    const text = source.slice(from).split('\n', 1)[0].trimEnd();
    const start = Math.max(0, text.search(/\S/));
    problems.add(misplaced(text), from + start, from + text.length);
  }
}

/** Adds an error for each key that its map has already, as the library would, in linear time. */
export function addDuplicateKeys(document: Document): void {
  const open: unknown[] = [document.contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) open.push(node.key, node.value);
    if (!isCollection(node)) continue;
    const known = new Set<unknown>();
    for (const item of node.items) {
      open.push(item);
      const key = isMap(node) && isPair(item) && isScalar(item.key) ? item.key : undefined;
      if (key === undefined) continue;
      const start = key.range?.[0] ?? 0;
      if (known.has(key.value)) {
        const message = 'Map keys must be unique';
        document.errors.push(new YAMLParseError([start, start + 1], 'DUPLICATE_KEY', message));
      }
      known.add(key.value);
    }
  }
}

/** Whether the error may change the meaning of the rest of the file. */
export function isStructural({ code }: YAMLError): boolean {
  return code !== 'DUPLICATE_KEY' && code !== 'MULTIPLE_DOCS';
}

export const nestedTooDeep: Mistake = {
  code: 'nested-too-deep',
  message: 'the file is nested too deeply',
};

function mistakeOf({ code, message }: YAMLError): Mistake {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { code: 'duplicate-key', message: 'this key is given twice', hint: 'remove one' };
    case 'TAB_AS_INDENT':
      return { code: 'tab-indent', message: 'indent with spaces, not with tabs' };
    case 'MULTIPLE_DOCS':
      return {
        code: 'several-documents',
        message: 'a file holds one scenario, but a second document begins here',
        hint: 'move it to a file of its own',
      };
    default:
      // The library follows brackets by recursion and reports the stack overflow as an error.
      if (/call stack/.test(message)) return nestedTooDeep;
      return { code: 'yaml-syntax', message: `not valid YAML: ${message}` };
  }
}

function isMisplaced({ code, message }: YAMLError): boolean {
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') return true;
  return /^(All (sequence|mapping) items|Implicit map keys)/.test(message);
}

function misplaced(line: string): Mistake {
  const mistake = (message: string, hint: string): Mistake => {
    return { code: 'misplaced-line', message, hint };
  };
  if (/^\s*-(\s|$)/.test(line)) {
    return mistake('this list item is not aligned with the others', itemHint);
  }
  if (/^\s*-/.test(line)) return mistake('this is not a list item', 'write a space after the `-`');
  if (/^\s/.test(line)) {
    return mistake('unexpected continuation line', 'begin a list item with `- `');
  }
  return mistake('expected `:` after a name', 'write `name: value`');
}
