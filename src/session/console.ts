/** What is typed in the debug console: a command that changes the run, else an expression. */
import type { Action } from '../kernel/action.ts';
import { commandForms } from '../scenario/commands/command.ts';
import { didYouMean } from '../scenario/suggest.ts';
import type { Evaluated, Evaluator } from './read/evaluate.ts';
import { actionName } from './read/names.ts';
import type { Frame } from './read/stack.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';

export type Answer =
  | Evaluated
  | { readonly type: 'words'; readonly text: string }
  /** A command was obeyed: the session has moved. */
  | { readonly type: 'moved'; readonly stop: Stop; readonly text: string };

/** A command of the scenario language, else an expression. */
export function consoleInput(
  session: Session,
  evaluator: Evaluator,
  text: string,
  frame: Frame | undefined,
): Answer {
  if (text.trim() === 'help') return { type: 'words', text: helpText() };
  const result = session.script.command(session.world, text);
  if (result.type === 'actions') return obey(session, result.actions);
  const answer = evaluator.evaluate(text, frame);
  if (answer.type !== 'problem') return answer;
  if (result.type === 'problem') return { type: 'problem', message: result.message };
  const [first, second] = text.trim().split(/\s+/);
  const hint = second && /^[a-z]\w+$/.test(first) && didYouMean(first, session.script.words());
  return hint ? { type: 'problem', message: `\`${first}\` is no command: ${hint}` } : answer;
}

function obey(session: Session, actions: readonly Action[]): Answer {
  const done: string[] = [];
  let stop: Stop | undefined;
  for (const action of actions) {
    const branch = session.branches.length;
    const name = actionName(session.world, action);
    stop = session.take(action);
    if (stop === undefined) return { type: 'problem', message: `${name} is not possible now` };
    const made = session.branches.length > branch;
    done.push(`${name}: ${summary(session)}${made ? ` (on ${branchName(session)})` : ''}`);
  }
  if (stop === undefined) return { type: 'problem', message: 'nothing is to be done' };
  return { type: 'moved', stop, text: done.join('\n') };
}

/** What can be typed: the commands that are done at once, and expressions. */
function helpText(): string {
  const forms = commandForms
    .filter(([form]) => !/^(?:wait|at|after|when|start) /.test(form))
    .map(([form, doc]) => `  ${form}\n      ${doc}`);
  const expression = '  an expression in CEL, such as n1.state or nodes.filter(n, !n.up)';
  return [...forms, `${expression}\n      shows its value`].join('\n');
}

function branchName(session: Session): string {
  const { number } = session.branch;
  return number === 0 ? 'the first run' : `branch ${number}`;
}

/** What the last action did, in a sentence's half. */
function summary(session: Session): string {
  const { effects } = session;
  const parts = [
    ...effects.events.map(({ name, node }) => `${name} at ${node}`),
    ...(effects.sent.length > 0 ? [`${effects.sent.length} sent`] : []),
    ...effects.replies.map(({ operation }) => `${operation} answered`),
    ...(effects.lost ? ['lost'] : []),
    ...(effects.failure ? [`${effects.failure.node} threw: ${effects.failure.message}`] : []),
    ...effects.violations.map(({ why }) => why),
  ];
  return parts.length > 0 ? parts.join(', ') : 'done';
}
