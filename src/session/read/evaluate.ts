/** What a person asks: an expression on a frame's moment, or a command that changes the run. */
import type { Plan } from '../../kernel/plan.ts';
import { extraWords, Language, type Names } from '../../scenario/conditions/condition.ts';
import { commandForms } from '../../scenario/commands/command.ts';
import { Scope } from '../../scenario/conditions/scope.ts';
import { withHint } from '../../scenario/problem.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import { violationSentence } from '../../check/verdict-words.ts';
import { actionName } from './names.ts';
import { momentOf } from './scopes.ts';
import type { Session } from '../session.ts';
import type { Frame } from './stack.ts';
import type { Stop } from '../stop.ts';
import { type Variable, variableOf } from './variables.ts';
import { withLocals } from '../breakpoints/watch.ts';

export type Answer =
  | { readonly type: 'value'; readonly variable: Variable }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'words'; readonly text: string }
  /** A command was obeyed: the session stands elsewhere now. */
  | { readonly type: 'moved'; readonly stop: Stop; readonly text: string };

export class Evaluator {
  readonly language: Language;
  private readonly scope: Scope;

  constructor(
    private readonly session: Session,
    plan: Plan,
  ) {
    this.language = new Language(plan.cast.map(({ id }) => id));
    this.scope = new Scope(plan);
  }

  /** An expression in CEL. */
  expression(text: string, frame: Frame | undefined): Answer {
    const scope = this.scopeOf(frame);
    const compiled = this.language.expression(text, [...extraWords, ...scope.words]);
    if ('fault' in compiled) return { type: 'problem', message: withHint(compiled.fault) };
    const found = compiled.expression.value(scope);
    if (!found.ok) return { type: 'problem', message: found.why };
    const expression = /^[\w.[\]"]+$/.test(text.trim()) ? text.trim() : `(${text.trim()})`;
    return { type: 'value', variable: variableOf(text, found.value, { expression }) };
  }

  /** A command of the scenario language, else an expression. */
  input(text: string, frame: Frame | undefined): Answer {
    const { session } = this;
    if (text.trim() === 'help') return { type: 'words', text: helpText() };
    const result = session.script.command(session.world, text);
    if (result.type === 'actions') return this.obey(result.actions);
    const answer = this.expression(text, frame);
    if (answer.type !== 'problem') return answer;
    if (result.type === 'problem') return { type: 'problem', message: result.message };
    const [first, second] = text.trim().split(/\s+/);
    const hint = second && /^[a-z]\w+$/.test(first) && didYouMean(first, session.script.words());
    return hint ? { type: 'problem', message: `\`${first}\` is no command: ${hint}` } : answer;
  }

  private obey(actions: readonly Parameters<Session['take']>[0][]): Answer {
    const { session } = this;
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

  /** What may stand at the end of a text that is being typed. */
  completions(
    text: string,
    frame: Frame | undefined,
  ): { readonly words: string[]; readonly from: number } {
    const match = /(?:([A-Za-z_][\w.[\]"]*)\.)?(\w*)$/.exec(text)!;
    const [, owner, typed] = match;
    const from = text.length - typed.length;
    if (owner === undefined) {
      const own = ['nodes', 'time', 'node', 'state', 'message', 'event'];
      const words = [...this.language.nodes, ...own, ...this.session.script.words()];
      return { words: [...new Set(words)].filter((word) => word.startsWith(typed)), from };
    }
    const answer = this.expression(owner, frame);
    const children = answer.type === 'value' ? answer.variable.children : undefined;
    const names =
      children && children.indexed === 0 ? children.list(0, 500).map(({ name }) => name) : [];
    return { words: names.filter((word) => word.startsWith(typed)), from };
  }

  /** The names at a frame, those of its locals beside. */
  private scopeOf(frame: Frame | undefined): Names & { readonly words: readonly string[] } {
    const { session, scope } = this;
    if (frame === undefined || frame.label) {
      return { names: scope.at(session.world).names, words: [] };
    }
    const { world, effects, locals = [], constants = [] } = momentOf(session, frame);
    const own = [...constants, ...locals];
    const message = frame.handler?.message ?? effects?.message ?? null;
    const { stop } = session;
    const here = frame.inside ? session.lines?.effects : effects;
    const isStop = stop.event !== undefined && (frame.inside || frame.step === session.step);
    const event = isStop ? (here?.events[stop.event!] ?? null) : null;
    const node = frame.node === undefined ? undefined : world.plan.cast[frame.node].id;
    const { names } = scope.at(world).on(event, message, node);
    return { names: withLocals(names, own), words: own.map(([name]) => name) };
  }
}

/** What can be typed: the commands that are done at once, and expressions. */
function helpText(): string {
  const forms = commandForms
    .filter(([form]) => !/^(?:wait|at|after|when|start) /.test(form))
    .map(([form, doc]) => `  ${form}\n      ${doc}`);
  const expression = '  an expression in CEL, such as n1.state or nodes.filter(n, !n.up)';
  return [...forms, `${expression}\n      shows its value`].join('\n');
}

export function branchName(session: Session): string {
  const { number } = session.branch;
  return number === 0 ? 'the first run' : `branch ${number}`;
}

/** What the last action brought about, in a sentence's half. */
export function summary(session: Session): string {
  const { effects } = session;
  const parts = [
    ...effects.events.map(({ name, node }) => `${name} at ${node}`),
    ...(effects.sent.length > 0 ? [`${effects.sent.length} sent`] : []),
    ...effects.replies.map(({ operation }) => `${operation} answered`),
    ...(effects.lost ? ['lost'] : []),
    ...(effects.failure ? [`${effects.failure.node} threw: ${effects.failure.message}`] : []),
    ...effects.violations.map(violationSentence),
  ];
  return parts.length > 0 ? parts.join(', ') : 'done';
}
