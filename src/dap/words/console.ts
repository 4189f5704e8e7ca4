/** What the adapter writes to the debug console, and the labels of targets and threads. */
import { failedStep, violationSentence } from '../../check/verdict-words.ts';
import type { EffectsDifference, StateDifference } from '../../kernel/compare/difference.ts';
import { noUnits, type Units } from '../../kernel/text/data-text.ts';
import { exactTimeText, timeText } from '../../kernel/text/duration.ts';
import { lostText } from '../../kernel/text/lost-text.ts';
import { commandForms, consoleForms } from '../../scenario/commands/command.ts';
import type { OutputLine } from '../../session/breakpoints/output.ts';
import type { Done } from '../../session/console.ts';
import type { FrameProblem } from '../process/framing.ts';
import type { InexactReplay } from '../../session/inexact-replay.ts';
import { valueText } from '../../session/read/value.ts';
import type { GotoTarget, StepTarget } from '../../session/targets.ts';
import type { Micros } from '../../protocol/types.ts';
import { effectTexts, effectVerbs } from './effects.ts';

export function outputText(line: OutputLine): string {
  switch (line.type) {
    case 'log':
      return line.text;
    case 'condition':
      return line.why;
    case 'too deep':
      return 'The call stack is too deep to step through; the action ran as one step.';
    case 'branch':
      return (
        `Branch ${line.number} begins at step ${line.step}. The run that it parted from is kept; ` +
        '`leave branch` returns to it.'
      );
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

export function inexactReplayText({ step, action, difference }: InexactReplay): string {
  const found = differenceText(difference, 'the first time', 'on replay');
  return (
    `Step ${step} (${action}) cannot be replayed exactly: ${found}. ` +
    'The code keeps state outside node.state, so going back is not exact.'
  );
}

/** `it sent Token to a {hops: 2} the first time, and Token to a {hops: 4} on replay`. */
function differenceText(
  difference: EffectsDifference | StateDifference,
  once: string,
  again: string,
): string {
  if (difference.type === 'effects') {
    const { first, second } = effectTexts(difference);
    const verb = effectVerbs[difference.kind];
    return `it ${verb} ${effectList(first)} ${once}, and ${effectList(second)} ${again}`;
  }
  const { node, path, first, second } = difference;
  const field = [node, 'state', ...path].join('.');
  return `${field} was ${valueText(first, 60)} ${once}, and is ${valueText(second, 60)} ${again}`;
}

function effectList([first, ...more]: readonly string[]): string {
  if (first === undefined) return 'nothing more';
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

export function internalErrorText(message: string, stack = ''): string {
  return `Internal error: ${message}${stack === '' ? '' : `\n${stack}`}`;
}

/** `why` is a signal or an exit code. */
export function processEndedText(why: string): string {
  return `The session has ended: its process stopped unexpectedly (${why}). Start a new session.`;
}

export function runEndedText(title: string): string {
  return `${title}: the run has ended.`;
}

// The answers of the console

/** The actions of a command that were taken, one a line. */
export function doneText(done: readonly Done[], units: Units = noUnits): string {
  return done
    .flatMap(({ name, effects, branch }) => {
      const where = branch === undefined ? '' : ` (on branch ${branch})`;
      return [`${name}: ${summary(effects, units)}${where}`, ...failedSteps(effects, units)];
    })
    .join('\n');
}

/** A command that a panel gave, as if it had been typed, and its answer. */
export function echoText(command: string, done: readonly Done[], units: Units = noUnits): string {
  return `> ${command}\n${doneText(done, units)}`;
}

export function leftText({ branch, step }: { branch: number; step: number }): string {
  return `Left branch ${branch}: back at step ${step}, where it parted.`;
}

function summary(effects: Done['effects'], units: Units): string {
  if (effects === 'in progress') return 'in progress: a breakpoint was hit in its handler';
  const parts = [
    ...effects.events.map(({ name, node }) => `${name} at ${node}`),
    ...(effects.sent.length > 0 ? [`${effects.sent.length} sent`] : []),
    ...effects.replies.map(({ operation }) => `${operation} answered`),
    ...(effects.lost ? [lostText(effects)] : []),
    ...(effects.failure ? [`${effects.failure.node} threw: ${effects.failure.message}`] : []),
    ...effects.violations
      .filter((violation) => failedStep(violation) === undefined)
      .map((violation) => violationSentence(violation, units)),
  ];
  return parts.length > 0 ? parts.join(', ') : 'done';
}

/** What the scenario itself could not do after the action: it is not an answer to the command. */
function failedSteps(effects: Done['effects'], units: Units): string[] {
  if (effects === 'in progress') return [];
  return effects.violations
    .filter((violation) => failedStep(violation) !== undefined)
    .map((violation) => `Failed step of the scenario: ${violationSentence(violation, units)}`);
}

/** The forms of the commands that act at once, and of expressions. */
export function helpText(): string {
  const forms = commandForms
    .filter(([form]) => !/^(?:wait|at|after|when|start) /.test(form))
    .map(([form, doc]) => `  ${form}\n      ${doc}`);
  const expression = '  an expression in CEL, such as n1.state or nodes.filter(n, !n.up)';
  return [
    ...forms,
    ...consoleForms.map(([form, doc]) => `  ${form}\n      ${doc}`),
    `${expression}\n      shows its value`,
  ].join('\n');
}

// Labels

/** Two messages of one name that arrive at nearly the same time are told apart by exact times. */
export function stepTargetLabels(targets: readonly StepTarget[]): string[] {
  const labels = targets.map((target) => stepTargetLabel(target, timeText));
  return targets.map((target, i) => {
    const isTwice = labels.indexOf(labels[i]) !== labels.lastIndexOf(labels[i]);
    return isTwice ? stepTargetLabel(target, exactTimeText) : labels[i];
  });
}

function stepTargetLabel(target: StepTarget, shownTime: (micros: Micros) => string): string {
  const { type, name } = target;
  return type === 'follow'
    ? `follow: ${name} (in ${shownTime(target.left)})`
    : `${type}: ${name}`;
}

export function gotoTargetLabel({ branch, time }: GotoTarget): string {
  const where = branch.number === 0 ? '' : ` on branch ${branch.number}`;
  return `before it, at ${timeText(time)}${where}`;
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
