/** Every word that the panels show, in one text to be read in one sitting. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { transform } from 'sucrase';
import { describe, expect, test } from 'vitest';
import { readSources, root } from '../architecture/source.ts';
import { expectGolden } from '../golden.ts';
import { modules } from './word-examples.ts';

describe('the words of the panels', () => {
  test('can be read in one text', () => {
    const lines: string[] = [];
    for (const [file, { words, examples }] of Object.entries(modules)) {
      for (const [name, value] of Object.entries(words)) {
        const texts =
          typeof value === 'function'
            ? examples[name]!.map((args) => [value(...args)].flat().join(' · '))
            : typeof value === 'string'
              ? [value]
              : Object.values(value as Record<string, string>);
        const shown = texts.map((text) => (text === '' ? '(nothing)' : text));
        lines.push(`# ${file}: ${name}`, ...shown, '');
      }
    }
    expectGolden(import.meta.url, 'every-message', lines.join('\n'));
  });

  test('have an example each', () => {
    const files = readdirSync(join(root, 'src/view/panel-words'));
    expect(files.sort()).toEqual(Object.keys(modules).map((name) => `${name}.ts`).sort());
    for (const { words, examples } of Object.values(modules)) {
      const functions = Object.entries(words).filter(([, value]) => typeof value === 'function');
      expect(Object.keys(examples).sort()).toEqual(functions.map(([name]) => name).sort());
      for (const calls of Object.values(examples)) expect(calls).not.toEqual([]);
    }
  });

  test('are in modules of their own: the templates of the panels contain none', () => {
    const found = readSources('webview').flatMap(({ path, text }) => wordsInTemplates(path, text));
    expect(found).toEqual([]);
    const planted = 'const part = html`<p title="In words">${a} is <b>late</b></p>`;';
    expect(wordsInTemplates('x.ts', planted)).toEqual([
      'x.ts: In words',
      'x.ts: is',
      'x.ts: late',
    ]);
  });
});

/** Attributes whose values are shown or spoken. */
const spoken = /\s(?:title|aria-label|aria-valuetext|aria-description|placeholder|alt)="([^"]*)"/g;
/** A sample of a log entry in the legend. */
const symbols = /^x$/;

/** Words between the tags, and in spoken attributes, of `html` and `svg` templates. */
function wordsInTemplates(path: string, text: string): string[] {
  const { code } = transform(withoutDecorators(text), { transforms: ['typescript'] });
  const found: string[] = [];
  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    if (node.type !== 'TaggedTemplateExpression') return;
    if (!['html', 'svg'].includes((node.tag as { name?: string }).name ?? '')) return;
    const { quasis } = node.quasi as { quasis: { value: { raw: string } }[] };
    const markup = quasis.map(({ value }) => value.raw).join('\u0000');
    const attributes = [...markup.matchAll(spoken)].map(([, value]) => value!);
    const between = markup.replace(/<[^>]*>/g, '\u0000').split('\u0000');
    const shown = [...attributes, ...between].map((part) => part.trim());
    found.push(...shown.filter((part) => /\p{Letter}/u.test(part) && !symbols.test(part)));
  });
  return found.map((part) => `${path}: ${part}`);
}

function withoutDecorators(text: string): string {
  return text.replace(/@\w+\((?:[^()]|\([^()]*\))*\)/g, '');
}

interface Tree {
  readonly type: string;
  readonly [field: string]: unknown;
}

function visit(node: unknown, call: (node: Tree) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) call(node as Tree);
  for (const part of Object.values(node)) visit(part, call);
}
