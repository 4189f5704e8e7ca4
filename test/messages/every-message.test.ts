/** Every message that a user can see, in one golden text, so that all can be read in one sitting. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';

const tests = join(import.meta.dirname, '..');

/**
 * The golden texts of the layers, in the order in which a user meets them. Each is made by the test
 * of its layer, which fails if a code or a word function has no example there.
 */
const parts: readonly (readonly [title: string, file: string])[] = [
  ['The editor: titles, settings and descriptions', 'authoring/goldens/manifest-words.txt'],
  ['The editor: notifications, problems, inputs', 'authoring/goldens/extension-words.txt'],
  ['The command line: help', 'cli/goldens/help.txt'],
  ['The command line: bad input', 'cli/goldens/bad-input.txt'],
  ['Scenarios: problems', 'scenario/goldens/every-error.txt'],
  ['Scenarios: expressions without a value', 'scenario/goldens/no-value.txt'],
  ['Protocol source: faults that keep a protocol from being loaded', 'code/goldens/every-fault.txt'],
  ['Protocol source: what a handler must not do', 'code/goldens/every-refusal.txt'],
  ['Verdicts', 'check/goldens/every-verdict.txt'],
  ['The debug adapter: stops, refusals, console', 'dap/goldens/every-message.txt'],
  ['The panels', 'view/goldens/every-message.txt'],
];

test('all messages are in one text', () => {
  const texts = parts.map(([title, file]) => {
    const text = readFileSync(join(tests, file), 'utf8');
    expect(text.trim()).not.toBe('');
    return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}`;
  });
  expectGolden(import.meta.url, 'every-message', texts.join('\n'));
});
