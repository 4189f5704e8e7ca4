/** The search under way and its end, without an adapter. */
import { expect, test } from 'vitest';
import { Findings } from '../../src/dap/find/findings.ts';

test('a search that is cancelled before it can be ended is ended once it can', () => {
  const findings = new Findings();
  const end = findings.begin();
  findings.cancel();
  const ended: string[] = [];
  findings.onCancel(() => ended.push('first'));
  expect(ended).toEqual(['first']);
  end();
  findings.cancel();
  findings.begin();
  findings.onCancel(() => ended.push('second'));
  expect(ended).toEqual(['first']);
});
