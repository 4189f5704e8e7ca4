/** Values that are set in the text of a scenario, in all forms that YAML has for them. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withValues } from '../../src/explore/saved/values.ts';

const steps = ['wait 1s', 'seed: 3'];

test.each<[string, string]>([
  ['plain', 'protocol: ./a.ts # its code\nseed: 3\nsteps:\n  - wait 1s\n  - "seed: 3"\n'],
  ['quoted keys', '"protocol": "./a.ts"\n\'seed\' : 3\nsteps: [wait 1s, "seed: 3"]\n'],
  ['without a seed', '# First.\nprotocol: ./a.ts\nsteps:\n  - wait 1s\n  - "seed: 3"\n'],
  ['an empty seed', 'protocol: ./a.ts\nseed:\nsteps:\n  - wait 1s\n  - "seed: 3"\n'],
  ['indented', '---\n  protocol: ./a.ts\n  steps:\n  - wait 1s\n  - "seed: 3"\n'],
  ['one map in braces', '{ protocol: ./a.ts, steps: [wait 1s, "seed: 3"] }\n'],
  ['folded', 'protocol: >-\n  ./a.ts\nsteps:\n  - wait 1s\n  - "seed: 3"\n'],
  ['lines of Windows', 'protocol: ./a.ts\r\nsteps:\r\n  - wait 1s\r\n  - "seed: 3"\r\n'],
  [
    'a text that looks like settings',
    'title: |\n  About\n\n  protocol: none\nprotocol: ./a.ts\nsteps:\n  - wait 1s\n  - "seed: 3"\n',
  ],
])('%s', (_, text) => {
  const edited = withValues(text, { seed: 7, protocol: '../b c/a.ts' });
  expect(parse(edited)).toEqual({ ...parse(text), seed: 7, protocol: '../b c/a.ts', steps });
  // What is not set stays as it was written.
  for (const line of text.split('\n').filter((one) => /^( *- |#|title)/.test(one))) {
    expect(edited).toContain(line);
  }
  expect(parse(withValues(text, { seed: 7 }))).toEqual({ ...parse(text), seed: 7 });
});
