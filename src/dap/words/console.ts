/** What the adapter writes to the debug console, and the labels of targets and threads. */
import { violationSentence } from '../../check/verdict-words.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import { commandForms } from '../../scenario/commands/command.ts';
import type { OutputLine } from '../../session/breakpoints/output.ts';
import type { Done } from '../../session/console.ts';
import type { EffectsDiffer, NamedEffect, StateDiffers } from '../../session/differences.ts';
import type { Doubt } from '../../session/doubt.ts';
import type { FrameProblem } from '../framing.ts';
import { momentText } from '../../session/read/names.ts';
import { valueText } from '../../session/read/value.ts';
import type { GotoTarget, StepTarget } from '../../session/targets.ts';

export function outputText(line: OutputLine): string {
  switch (line.type) {
    case 'log':
      return line.text;
    case 'condition':
      return line.why;
    case 'too deep':
      return 'The call stack is too deep to step through; the action ran as one step.';
  }
}

/** A message of the client that was not understood. */
export function ignoredText(problem: FrameProblem | { readonly type: 'not a request' }): string {
  switch (problem.type) {
    case 'no length':
      return 'Ignored bytes that are not a message: each begins with `Content-Length: N`.';
    case 'too long':
      return `Ignored a message of ${problem.length} bytes: the limit is ${problem.most}.`;
    case 'not JSON':
      return 'Ignored a message that is not valid JSON: check its `Content-Length`.';
    case 'not a request':
      return 'Ignored a message that is not a request: it needs `type`, `seq` and `command`.';
  }
}

export function doubtText({ step, action, difference }: Doubt): string {
  const found = differenceText(difference, 'the first time', 'on replay');
  return (
    `Step ${step} (${action}) cannot be replayed exactly: it ${found}. ` +
    'Something is kept outside of node.state, so going back is not exact.'
  );
}

/** Two results of one action: `sent Token {hops: 2} the first time, and … on replay`. */
function differenceText(
  difference: EffectsDiffer | StateDiffers,
  first: string,
  second: string,
): string {
  if (difference.type === 'effects differ') {
    const { kind, before, now } = difference;
    return `${kind} ${effectList(before)} ${first}, and ${effectList(now)} ${second}`;
  }
  const { node, path, before, now } = difference;
  const field = [node, 'state', ...path].join('.');
  return (
    `left ${field} as ${valueText(before, 60)} ${first}, ` +
    `and as ${valueText(now, 60)} ${second}`
  );
}

function effectList(effects: readonly NamedEffect[]): string {
  if (effects.length === 0) return 'nothing more';
  const first = effectText(effects[0]);
  return effects.length === 1 ? first : `${first} and ${effects.length - 1} more`;
}

/** `Token to a {hops: 2}`. */
export function effectText({ name, data }: NamedEffect): string {
  return data === undefined ? name : `${name} ${valueText(data, 80)}`;
}

export function internalErrorText(message: string, stack = ''): string {
  return `Internal error: ${message}${stack === '' ? '' : `\n${stack}`}`;
}

export function runEndedText(title: string): string {
  return `${title}: the run has ended.`;
}

// The answers of the console

/** The actions of a command that were taken, one a line. */
export function doneText(done: readonly Done[]): string {
  return done
    .map(({ name, effects, branch }) => {
      return `${name}: ${summary(effects)}${branch === undefined ? '' : ` (on branch ${branch})`}`;
    })
    .join('\n');
}

function summary(effects: Done['effects']): string {
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

/** Commands that are obeyed at once, and expressions. */
export function helpText(): string {
  const forms = commandForms
    .filter(([form]) => !/^(?:wait|at|after|when|start) /.test(form))
    .map(([form, doc]) => `  ${form}\n      ${doc}`);
  const expression = '  an expression in CEL, such as n1.state or nodes.filter(n, !n.up)';
  return [...forms, `${expression}\n      shows its value`].join('\n');
}

// Labels

export function stepTargetLabel(target: StepTarget): string {
  const { type, name } = target;
  return type === 'follow'
    ? `follow: ${name} (in ${formatDuration(target.left)})`
    : `${type}: ${name}`;
}

export function gotoTargetLabel({ branch, time }: GotoTarget): string {
  const where = branch.number === 0 ? '' : ` on branch ${branch.number}`;
  return `before it, at ${momentText(time)}${where}`;
}

/** The thread of the cluster; nodes have threads of their own names. */
export function clusterThreadName(branch: number): string {
  return branch === 0 ? 'Cluster' : `Cluster · branch ${branch}`;
}

export function watchedText(node: string, path: readonly string[]): string {
  return [node, 'state', ...path].join('.');
}

export function notWatchedText(name: string): string {
  return `${name} is not part of a node's state`;
}
