/** Words for verdicts: the command line, the debug adapter and the panels all use these. */
import { impossibleText, notAddedText } from '../kernel/text/impossible-text.ts';
import type { Violation } from '../kernel/effects.ts';
import { messageName } from '../kernel/text/action-text.ts';
import { fieldsText, noUnits, type Units, withUnit } from '../kernel/text/data-text.ts';
import { formatDuration, formatTime, timeText } from '../kernel/text/duration.ts';
import type { Json, Micros, NodeId } from '../protocol/types.ts';
import type { EvaluationFailure } from '../scenario/conditions/errors.ts';
import { cut, shown } from '../kernel/data/shown.ts';
import type { Comparison } from '../scenario/conditions/comparisons.ts';
import type { Aftermath } from '../scenario/aftermath.ts';
import type { FailedOperation } from '../scenario/progress.ts';
import { historySentence } from './history/words.ts';
import type { HandlerName } from '../scenario/handler-name.ts';
import type {
  FieldOwner, Obstacle, Place, Reason, Subject, Tested, TwinFault, Verdict,
} from '../scenario/verdict.ts';

export const verdictMarks: Readonly<Record<Verdict['type'], string>> = {
  holds: '✓',
  violated: '✗',
  unknown: '?',
};

/** One line: ``✗ always: n1.up: `n1.up` did not hold (step 4, 0.010000s)``. */
export function verdictLine(verdict: Verdict, units: Units = noUnits): string {
  const why = verdictReason(verdict, units);
  const subject = `${verdictMarks[verdict.type]} ${subjectText(verdict.subject)}`;
  return why === undefined ? subject : `${subject}: ${why}`;
}

export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case 'step':
    case 'expectation':
      return subject.text;
    case 'until':
      return `until: ${subject.text}`;
    case 'invariant':
    case 'derived event':
      return subject.name;
    case 'measure':
      return `measure ${subject.name}`;
    case 'look':
      return `look of role ${subject.role}`;
    case 'handler':
      return handlerSentence(subject.node, subject.handler);
    case 'run':
      return 'the run makes no progress';
    case 'broken twin':
      return 'this is a broken twin';
  }
}

/** What a saved finding breaks, in its first line and so in one line. */
export function promiseName(subject: Subject): string {
  if (subject.kind === 'handler') return 'A handler throws';
  return `${subject.kind} "${subjectText(subject)}"`.replace(/\s+/g, ' ');
}

/** What a node was doing: `n2, handling Prepare`. */
function handlerSentence(node: NodeId, { kind, name }: HandlerName): string {
  switch (kind) {
    case 'message':
      return `${node}, handling ${name}`;
    case 'timer':
      return `${node}, handling the timer ${name}`;
    case 'operation':
      return `${node}, running the operation ${name}`;
    case 'connection':
      return `${node}, when a connection ${name === 'opened' ? 'was opened' : 'ended'}`;
    case 'start':
      return `${node}, booting`;
  }
}

/** Whether the run violates what the scenario demands. Ending early is not a failure. */
export function isFailure(
  verdict: Verdict,
): verdict is Exclude<Verdict, { type: 'holds' }> {
  if (verdict.type === 'unknown') return verdict.reason.code !== 'run-not-ended';
  return verdict.type === 'violated';
}

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function atPlace(place: Place | undefined): string {
  return place === undefined ? '' : ` at ${placeText(place)}`;
}

/**
 * Why a subject does not hold, and after which action; or that it holds only because it was never
 * tested. Undefined if it holds.
 */
export function verdictReason(verdict: Verdict, units: Units = noUnits): string | undefined {
  const sentence = verdictSentence(verdict, units);
  if (verdict.type !== 'violated') return sentence;
  return `${sentence} (step ${verdict.step}, ${formatTime(verdict.time)})`;
}

/** The same without the step. */
export function verdictSentence(verdict: Verdict, units: Units = noUnits): string | undefined {
  if (verdict.type !== 'holds') return reasonSentence(verdict.reason, units);
  return verdict.tested && untestedSentence(verdict.tested);
}

/** A step of the scenario that failed. */
export type FailedStep = Extract<Verdict, { type: 'violated' }> & {
  readonly subject: Extract<Subject, { kind: 'step' | 'expectation' }>;
};

/** A step that failed after another one: below that one, on one line. */
export function laterStepText({ subject, reason, step, time }: FailedStep, units: Units): string {
  const why = `${reasonSentence(reason, units)} (step ${step}, ${formatTime(time)})`;
  return `    later line ${subject.range.line}, \`${subject.text}\`: ${why}`;
}

/** Invariants that hold, of which the condition was true in no step. */
export function untestedText(count: number, names: string): string {
  const which = count === 1 ? '1 of them was' : `${count} of them were`;
  return `! ${which} not tested, because the condition was true in no step: ${names}`;
}

/** Undefined if the condition was ever true. */
function untestedSentence({ on, times, steps }: Tested): string | undefined {
  if (times > 0) return undefined;
  switch (on) {
    case 'condition':
      return `holds, but its condition was true in 0 of ${steps} steps`;
    case 'condition at the end':
      return 'holds, but its condition was false at the end';
    case 'history':
      return 'holds, but no operation that it is about was answered';
    case 'event':
      return `holds, but its event was reported in 0 of ${steps} steps`;
  }
}

/** Sentences of invariants are an author's, and may be longer than anything that can be read. */
const sentenceMax = 4_000;

/** Why a monitor found its property violated. All monitors of a run return reasons of `Reason`. */
export function violationSentence({ reason }: Violation, units: Units = noUnits): string {
  return reasonSentence(reason as Reason, units);
}

/** The first step of the scenario that a violation says failed. */
export function failedStep({ reason }: Violation): number | undefined {
  const found = reason as Reason;
  return found.code === 'steps-failed' ? found.failures[0].index : undefined;
}

/** Why the run of a broken twin does not fail as it must. */
function twinSentence(reason: TwinFault): string {
  switch (reason.code) {
    case 'nothing-broken': {
      const what = reason.breaks === undefined ? 'something' : `\`${reason.breaks}\``;
      return `it must violate ${what}, but nothing is violated`;
    }
    case 'other-broken': {
      const found = reason.broken.map((one) => `\`${one}\``).join(', ');
      return `it must violate \`${reason.breaks}\`, but it violates ${found}`;
    }
    case 'broken-by-fault': {
      const why = 'failed only because its own code or condition did';
      return `it must violate \`${reason.subject}\`, but \`${reason.subject}\` ${why}`;
    }
  }
}

/**
 * A sentence without a capital or a period, to follow its subject and a colon. `units` are those of
 * the protocol's fields.
 */
export function reasonSentence(reason: Reason, units: Units = noUnits): string {
  switch (reason.code) {
    case 'invariant':
      return cut(reason.sentence, sentenceMax);
    case 'author-code-failed':
      return `the code of the ${reason.kind} failed${atPlace(reason.place)}: ${reason.message}`;
    case 'handler-threw':
      return `it threw${atPlace(reason.place)}: ${reason.message}`;
    case 'misspelt-field': {
      const { field, of, place } = reason;
      return `it reads \`${field}\` at ${placeText(place)}, which ${neverHad(of)}`;
    }
    case 'no-progress': {
      const actor = handlerSentence(reason.node, reason.handler);
      const stalled = `${reason.actions} actions happened while virtual time did not move`;
      return `${stalled}; the most frequent one was ${actor}`;
    }
    case 'nothing-broken':
    case 'other-broken':
    case 'broken-by-fault':
      return twinSentence(reason);
    case 'nothing-thrown':
      return `no handler threw this${unable(reason)}`;
    case 'until-not-reached':
      return `the run ended before this happened${unable(reason)}`;
    case 'run-not-ended':
      return 'the run has not ended';
    case 'steps-failed':
      return reason.failures
        .map(({ text, line, reason: why }) => {
          return `\`${text}\` (line ${line}): ${reasonSentence(why, units)}`;
        })
        .join('; ');
    case 'not-possible':
      return `not possible${limit(reason)}: ${obstacleSentence(reason.obstacle)}`;
    case 'no-answer':
      return `it was not answered${limit(reason)}`;
    case 'crashed-before-answer':
      return 'its node crashed before it was answered';
    case 'workload-stalled':
      return `no client could invoke another operation${limit(reason)}: ${reason.invoked} were`;
    case 'wrong-answer':
      return answerSentence(reason);
    case 'operations-unanswered':
      return `not all operations of ${reason.node} were answered${limit(reason)}`;
    case 'node-unanswered':
      return `${reason.by} did not answer ${reason.node}${limit(reason)}`;
    case 'event-missing':
      return `${reason.event} did not happen${limit(reason)}${unable(reason)}`;
    case 'event-reported':
      return eventSentence(reason, units);
    case 'condition-never-true': {
      const held = reason.within === undefined ? 'never held' : `did not hold${limit(reason)}`;
      return `\`${reason.condition}\` ${held}${comparedText(reason, units)}${unable(reason)}`;
    }
    case 'condition-true':
      return `\`${reason.condition}\` held${comparedText(reason, units)}`;
    case 'condition-false': {
      const when = reason.atEnd ? ' at the end' : '';
      return `\`${reason.condition}\` did not hold${when}${comparedText(reason, units)}`;
    }
    case 'condition-failed':
      return reason.failure.why;
    case 'history-violates':
    case 'history-satisfies':
    case 'history-undecided':
      return historySentence(reason);
  }
}

/** After "a field, which": who never had it, and what to do. */
function neverHad(owner: FieldOwner): string {
  const correct = 'correct the name';
  switch (owner) {
    case 'node':
      return `no node of this run ever had: ${correct}, or let \`init\` return the field`;
    case 'memory':
      return `its memory never had: ${correct}, or let \`remember\` return the field`;
    case 'step':
      return `is not among what it receives after a step: ${correct}`;
    case 'number':
    case 'string':
    case 'boolean':
      return `a ${owner} does not have: ${correct}`;
    default:
      return `no ${owner} of this run ever had: ${correct}`;
  }
}

/** `: "red" == "blue"`, the values that a condition compared. */
function comparedText(
  { compared = [] }: { compared?: readonly Comparison[] },
  units: Units,
): string {
  const texts = compared.map(({ operator, left, right, field }) => {
    const unit = field === undefined ? undefined : units[field];
    const side = (value: Json) => {
      return unit !== undefined && typeof value === 'number'
        ? withUnit(value, unit)
        : shown(value, 60);
    };
    return `\`${side(left)} ${operator} ${side(right)}\``;
  });
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

/** A line for each operation that failed without a step that expects it: `! c#1 failed …`. */
export function failureNotes(failed: readonly FailedOperation[]): string[] {
  return failed.map(({ operation, ok, result, step, time }) => {
    const at = `(step ${step}, ${formatTime(time)})`;
    const how = ok
      ? `was answered with ${shown(result)}, which looks like an error,`
      : `failed with ${shown(result)},`;
    return `! ${operation} ${how} and no step expects this ${at}`;
  });
}

/** A line on what kept the run going after its last step. */
export function aftermathNote({ for: lasted, settle, timers, open }: Aftermath): string {
  const shownTimers = timers.slice(0, causesMax).map(({ node, handler, times }) => {
    return `the timer ${handler.name} of ${node} fired ${times === 1 ? 'once' : `${times} times`}`;
  });
  const shownOperations = open.slice(0, causesMax).map(({ operation, name }) => {
    return `${operation} (${name}) was not answered`;
  });
  const causes = [...shownTimers, ...shownOperations].join(', ');
  const went = `! the run went on for ${timeText(lasted)} after its last step`;
  if (settle === undefined) return `${went}: ${causes}`;
  const latest = `\`settle: ${formatDuration(settle)}\``;
  return `${went}, and its next action is later than ${latest}: ${causes}`;
}

/** A line shows only this many causes, the most frequent ones. */
const causesMax = 3;

function limit({ within }: { readonly within?: Micros }): string {
  return within === undefined ? '' : ` within ${formatDuration(within)}`;
}

function unable({ failure }: { readonly failure?: EvaluationFailure }): string {
  return failure === undefined ? '' : `; ${failure.why}`;
}

function answerSentence(reason: Extract<Reason, { code: 'wrong-answer' }>): string {
  const { ok, answer, expected } = reason;
  const given = JSON.stringify(answer);
  const wanted = expected === undefined ? 'a failure' : JSON.stringify(expected.value);
  return ok
    ? `the answer was ${given} instead of ${wanted}${asPrinted(answer, expected?.value)}`
    : `it failed with ${given} instead of answering ${wanted}`;
}

/** What was expected is how redis-cli prints the answer: what to write instead. */
function asPrinted(answer: Json, wanted: Json | undefined): string {
  const isPrinted = wanted === (answer === null ? '(nil)' : `(integer) ${String(answer)}`);
  return isPrinted ? `: write ${JSON.stringify(answer)}, without what redis-cli adds` : '';
}

/** Why a command is not possible at a moment. */
export function obstacleSentence(obstacle: Obstacle): string {
  switch (obstacle.code) {
    case 'unknown-node':
      return `there is no node \`${obstacle.node}\``;
    case 'unknown-operation':
      return `\`${obstacle.node}\` has no operation \`${obstacle.operation}\``;
    case 'crashed':
      return `${obstacle.node} is crashed`;
    case 'down':
      return `${obstacle.node} has not started yet`;
    case 'not-added':
      return notAddedText(obstacle.refusal);
    case 'already-crashed':
      return `${obstacle.node} is already crashed`;
    case 'already-paused':
      return `${obstacle.node} is already paused`;
    case 'not-crashed':
      return `${obstacle.node} is not crashed`;
    case 'not-paused':
      return `${obstacle.node} is not paused`;
    case 'not-running':
      return `${obstacle.node} is not running`;
    case 'timers-paused':
      return `${obstacle.node} is paused, so its timers wait`;
    case 'timer-not-set':
      return `the timer ${obstacle.timer} of ${obstacle.node} is not set`;
    case 'no-such-standing': {
      const { standing, present } = obstacle;
      if (['crashed', 'paused', 'down'].includes(standing)) return `no node is ${standing}`;
      const found = present.length === 0 ? '' : ` (standings now: ${present.join(', ')})`;
      return `no node is the ${standing}${found}`;
    }
    case 'not-now':
      return impossibleText(obstacle.reason);
    case 'message-gone':
      return `${messageName(obstacle.message)} is no longer in flight`;
    case 'no-such-message':
      return 'no such message is in flight';
    case 'own-link':
      return `\`${obstacle.node}\` has no link to itself: such a message stays in its process`;
    case 'target-missing':
      return 'what it names was missing';
  }
}

/** `n1 reported LeaderElected term 1, votes 2`. */
function eventSentence(
  { node, event, fields }: Extract<Reason, { code: 'event-reported' }>,
  units: Units,
): string {
  const details = fieldsText(fields, units);
  return `${node} reported ${event}${details === '' ? '' : ` ${details}`}`;
}
