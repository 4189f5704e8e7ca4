/** The answer to `before` in the debug console: other requests are answered during the search. */
import { beforeText } from '../../kernel/text/causality-text.ts';
import type { BeforeQuestion } from '../../session/causality/before-question.ts';
import type { Task } from '../motion/tasks.ts';
import { RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import { searchTitle } from '../words/progress.ts';

/** How many actions are replayed at once: some milliseconds. */
const partActions = 1_000;

export async function answerBefore(
  question: BeforeQuestion,
  task: Task,
  bounded: TimeLimit,
): Promise<{ result: string; variablesReference: 0 }> {
  for (;;) {
    const answer = bounded(() => question.advance(partActions));
    if (answer?.type === 'problem') {
      const problem = { type: 'point', problem: answer.problem } as const;
      throw new RequestRefusal({ code: 'problem', problem });
    }
    if (answer) return { result: beforeText(answer, question.nodes), variablesReference: 0 };
    await task.before(searchTitle());
  }
}
