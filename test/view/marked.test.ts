/** Words of panels mark code, and nothing else, as Markdown does; panels show no mark raw. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { piecesOf, unmarked } from '../../src/view/text/marked.ts';

test('code is told from text; a mark that is not closed stays', () => {
  expect(piecesOf('let `look` return a `log`: {')).toEqual([
    { text: 'let ', isCode: false }, { text: 'look', isCode: true },
    { text: ' return a ', isCode: false }, { text: 'log', isCode: true },
    { text: ': {', isCode: false },
  ]);
  expect(piecesOf('5` and\n6`')).toEqual([{ text: '5` and\n6`', isCode: false }]);
  expect(unmarked('no field `trem`, no node `n9`')).toBe('no field trem, no node n9');
});

/** What Markdown would show differently, besides code. */
const otherMarks = [
  [/\*\*\S/, 'bold'], [/(?<![\w*])\*\w[^*\n]*\w\*(?![\w*])/, 'italics'], [/\]\(/, 'a link'],
  [/(?<!\w)__\w/, 'bold'], [/^#{1,6} /m, 'a heading'],
] as const;

function marksIn(words: string): string[] {
  const text = piecesOf(words).filter(({ isCode }) => !isCode).map((piece) => piece.text).join('');
  const other = otherMarks.filter(([mark]) => mark.test(text)).map(([, name]) => name);
  return text.includes('`') ? [...other, 'a lone `'] : other;
}

test('words of panels have no other marks', () => {
  const golden = readFileSync(join(import.meta.dirname, 'goldens/every-message.txt'), 'utf8');
  // Mermaid's own text, has its own test.
  const words = golden.replace(/^`\n[^]*?^`$|^# [\w-]+: \w+$/gm, '');
  expect(words.split('\n').filter((line) => marksIn(line).length > 0)).toEqual([]);
  expect(marksIn('It is *not* so.')).toEqual(['italics']);
  expect(marksIn('See [this](that), **now**.')).toEqual(['bold', 'a link']);
  expect(marksIn('let `look')).toEqual(['a lone `']);
});

test('protocols explain themselves without other marks', () => {
  const docs = library.flatMap(({ name, roles, events }) => [
    ...Object.values(roles).flatMap(({ doc = '', standings = {}, lookDocs = {} }) => [
      doc, ...Object.values(standings).map((one) => one.doc), ...Object.values(lookDocs),
    ]),
    ...Object.values(events ?? {}).map((event) => (event as { doc?: string }).doc ?? ''),
  ].map((doc) => `${name}: ${doc}`));
  expect(docs.length).toBeGreaterThan(200);
  expect(docs.filter((doc) => marksIn(doc).length > 0)).toEqual([]);
});
