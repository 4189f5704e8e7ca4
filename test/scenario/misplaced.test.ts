/** Expectations among the steps, and words that are right where they are not expected. */
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

function problemsOf(steps: string, expectation: string): string[] {
  const text =
    'protocol: raft\nnodes: { n1..n3: replica, client: client }\n' +
    `steps:\n  - ${steps}\nexpect:\n  - ${expectation}\n`;
  return parseScenario(text, 's', library).problems.map(({ message, hint }) => `${message} (${hint})`);
}

test.each(['history is linearizable', 'no event LeaderElected', 'always n1.up', 'throws'])(
  'the expectation `%s` is not a step',
  (line) => {
    const [word] = line.split(' ');
    expect(problemsOf(line, 'event LeaderElected')).toEqual([
      `\`${word}\` is neither a command nor a node (write expectations under \`expect\`)`,
    ]);
  },
);

test.each(['no leader', 'always n1.up', 'end'])('`%s` is not corrected to itself', (line) => {
  const [problem] = problemsOf('wait 1s', line);
  const [word] = line.split(' ');
  expect(problem).toMatch(/is not an expectation/);
  expect(problem).not.toContain(`did you mean \`${word}\``);
});

test('`no history` has a form of its own', () => {
  expect(problemsOf('wait 1s', 'no history is linearizable')).toEqual([
    '`no` is not an expectation (write `history is not MODEL`)',
  ]);
});
