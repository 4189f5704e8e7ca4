/** Commands in the console answer with what they did, not with what the scenario did next. */
import { expect, test } from 'vitest';
import { doneText } from '../../src/dap/words/console.ts';
import { consoleInput } from '../../src/session/console.ts';
import { Evaluator } from '../../src/session/read/evaluate.ts';
import { sessionOf } from './sessions.ts';

const scenario = (fault: string) => `
protocol: fenced-lock
nodes: { server: lockServer, A: worker, B: worker }
network: { latency: 1ms }
steps:
  - A lock x
  - wait until A answered
  - ${fault}
  - wait 1s
`;

function typed(text: string, command: string, moves: number, until?: string): string {
  const session = sessionOf(text);
  for (let i = 0; i < moves && session.next()?.type !== until; i++) session.take(session.next()!);
  const answer = consoleInput(session, new Evaluator(session), command, undefined);
  return answer.type === 'moved' ? doneText(answer.done) : JSON.stringify(answer);
}

test.each([
  ['power off A', 'the host of A has no power'],
  ['crash A', 'A is already crashed'],
])('%s, just before the scenario does it, has an answer of its own', (fault, why) => {
  const [first, ...more] = typed(scenario(fault), fault, 1).split('\n');
  expect(first).toBe(`${fault}: done`);
  expect(more).toEqual([
    `Failed step of the scenario: \`${fault}\` (line 8): not possible: ${why}`,
  ]);
});

test('what the scenario does itself is not a failure', () => {
  expect(typed(scenario('crash A'), 'crash A', 100, 'crash')).toBe('crash A: 1 sent');
});

test.each([
  ['at 3s crash A', 'crash A'],
  ['at 3s: crash A', 'crash A'],
  ['after LockAcquired: crash A', 'crash A'],
  ['when A.up: pause A for 2s', 'pause A for 2s'],
])('%s says what to write', (text, command) => {
  const answer = typed(scenario('crash A'), text, 0);
  expect(answer).toContain('a command in the console takes effect at once');
  expect(answer).toContain(`write \`${command}\`, or add the line to the scenario's steps`);
});

test('a wait says how to go on', () => {
  const answer = typed(scenario('crash A'), 'wait 3s', 0);
  expect(answer).toContain('set a breakpoint at an event or a line, and continue');
});
