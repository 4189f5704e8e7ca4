/** `lockstep generals N`. */
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

test('says who attacks alone, why, and that leaving messages out ends in no agreement', async () => {
  const { code, out } = await new Shell().run('generals', '6');
  expect(code).toBe(0);
  expect(out).toContain('6 acknowledgements: message 6 is lost, A attacks, B stays back.');
  for (let number = 1; number <= 6; number++) expect(out).toContain(`message ${number} is lost`);
  expect(out).toMatch(/0 {2}the order is lost +A attacks alone, B stays back\n\nLeave the order out/);
  expect(out).toContain('lockstep generals 6 -o 6-acknowledgements.broken.scenario.yaml');
});

test('shows the first and the last lines of a long argument', async () => {
  const { out } = await new Shell().run('generals', '40');
  expect(out.match(/is lost {2}/g)).toHaveLength(8);
  expect(out).toContain('…');
});

test('the scenario that it writes runs, and fails as it says', async () => {
  const file = 'generals.broken.scenario.yaml';
  const shell = new Shell();
  const { code, out } = await shell.run('generals', '3', '-o', file);
  expect([code, out]).toEqual([0, expect.stringContaining(`wrote ${file}`)]);
  expect((await shell.run('test', file)).out).toContain(`✓ ${file}`);
  expect((await shell.run('run', file, '-q')).out).toContain('✗ Both Or Neither');
  // The same again is not in its own way.
  expect((await shell.run('generals', '3', '-o', file)).code).toBe(0);
});

test.each([
  [['generals'], 'generals needs one number of acknowledgements: `lockstep generals 25`'],
  [['generals', '1', '2'], 'generals needs one number'],
  [['generals', '-1'], 'there is no option `-1`'],
  [['generals', '1.5'], 'must be a whole number from 0 to 10000, not `1.5`'],
  [['generals', '10001'], 'must be a whole number from 0 to 10000, not `10001`'],
  [['generals', '1', '-o', 'a.yaml'], 'must end in .broken.scenario.yaml, not `a.yaml`'],
  [['generals', '1', '-o', 'mine.broken.scenario.yaml'], 'exists, with different content'],
])('%j is refused', async (args, message) => {
  const { code, error } = await new Shell({ 'mine.broken.scenario.yaml': '# mine\n' }).run(...args);
  expect(code).toBe(2);
  expect(error).toContain(message);
});
