/** All that the extension, its manifest and the panels say can be translated. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOfWords, translatable } from '../../build/words.mjs';
import { jsonFile, readManifest } from '../host/manifest.ts';
import { setTranslations, translate } from '../../src/view/translate.ts';
import { mark, pseudoOf } from './pseudo.ts';

const root = path.resolve(import.meta.dirname, '../..');
const words = (file: string) => jsonFile(file) as Record<string, string>;

describe('the bundle', () => {
  test('has each string of the modules of words, and no others', () => {
    const found = filesOfWords(root).flatMap((file) => {
      return [...translatable(readFileSync(file, 'utf8'), root).templates];
    });
    expect(Object.keys(words('l10n/bundle.l10n.json'))).toEqual([...new Set(found)].sort());
  });

  test('is named by the manifest', () => {
    expect(readManifest<{ l10n: string }>().l10n).toBe('./l10n');
  });
});

describe('a module of words', () => {
  const of = (source: string) => {
    const { code, templates } = translatable(source, root);
    return { code: code.slice(code.indexOf('\n') + 1).trim(), templates: [...templates] };
  };

  test('has its strings translated, with what is inserted as arguments', () => {
    const { code, templates } = of('export const at = (n: number) => `Step ${n} of ${n + 1}`;');
    expect(templates).toEqual(['Step {0} of {1}']);
    expect(code).toBe('export const at = (n) => inLanguage("Step {0} of {1}", n, n + 1);');
  });

  test('has a string in several lines as one', () => {
    const source = 'export const a = (n: string) => `the first ${n} ` + "and the rest";';
    expect(of(source).templates).toEqual(['the first {0} and the rest']);
  });

  test('has a string within another translated by itself', () => {
    const source = 'export const a = (n: number) => `took ${n === 1 ? "a step" : "steps"}`;';
    expect(of(source).templates).toEqual(['took {0}', 'a step', 'steps']);
  });

  test.each([
    ['if (stop.type === "paused") go();'],
    ['switch (x) { case "running": break; }'],
    ['export const a = { type: "stopped" };'],
    ['const kinds = ["holds", "violated"];'],
    ['const b = x["step"];'],
    ['const b = 1; export { b as "plain name" };'],
    ['import { a } from "./some words.ts"; a();'],
    ['const c = text.startsWith("Step by step");'],
    ['const d = "*.scenario.yaml";'],
    ['const e = `${a}: ${b}`;'],
  ])('leaves a code as it is: %s', (source) => {
    expect(of(source).templates).toEqual([]);
  });

  test('runs as it did, with a property named like its value', () => {
    expect(of('export const a = ({ step }) => ({ step });').code).toBe(
      'export const a = ({ step }) => ({ step });',
    );
  });
});

describe('a translation', () => {
  test('may insert the values in another order; without one, the English is shown', () => {
    setTranslations({ '{0} of {1}': '{1}/{0} {2}' });
    expect(translate('{0} of {1}', 3, '{0}')).toBe('{0}/3 {2}');
    setTranslations(undefined);
    expect(translate('{0} of {1}', 3, 4)).toBe('3 of 4');
    expect(translate('Paused')).toBe('Paused');
  });
});

/** What a user sees of the manifest. */
function shown(value: unknown, key = ''): string[] {
  const isShown = /^(title|name|description|enumDescriptions|displayName|label|altText)$/.test(key);
  if (typeof value === 'string') return isShown && value !== 'Lockstep' ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => shown(one, key));
  const parts = Object.entries((value ?? {}) as Record<string, unknown>);
  return parts.flatMap(([name, part]) => shown(part, name));
}

test('the manifest has no string outside of package.nls.json', () => {
  const pseudoWords = pseudoOf(words('package.nls.json'));
  const { description, capabilities, contributes } = readManifest<Record<string, unknown>>(pseudoWords);
  const texts = shown({ description, capabilities, contributes });
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.filter((text) => !text.includes(mark))).toEqual([]);
  const own = (value: unknown) => JSON.stringify(value).match(/%[\w.]+%/g) ?? [];
  const used = new Set(own(jsonFile('package.json')).map((key) => key.slice(1, -1)));
  expect(Object.keys(pseudoWords).filter((key) => !used.has(key))).toEqual([]);
});
