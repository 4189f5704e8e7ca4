/** What a search from an editor says: the words of `lockstep explore`, with an editor's names. */
import { reasonSentence } from '../../check/verdict-words.ts';
import type { FindResult } from '../../dap/find/finder.ts';
import type { BrokenBefore, Finding, FindRefused, Searched } from '../../explore/find/found.ts';
import { limitsDefault, type WrongRequest } from '../../explore/find/request.ts';
import type { SavedFinding } from '../../explore/find/saved-finding.ts';
import { durationText } from '../../kernel/text/duration.ts';
import type { Units } from '../../kernel/text/data-text.ts';
import { endNames } from './ended.ts';
import { type LimitNames, promisedText, verdictLines } from '../explore/words.ts';

const names: LimitNames = {
  depth: 'the limit of actions', messages: 'the limit of messages in flight',
  states: 'the limit of states', ...endNames,
  within: 'the condition', reach: 'the condition to reach', 'leads to': 'the condition to reach',
  untimed: 'the untimed meaning of time', seeds: 'the limit of runs',
};

export function resultOf(
  { shown, before, finding }: Searched,
  units: Units,
): FindResult {
  const [{ verdict }] = shown;
  const [lines, ...others] = shown.map((one) => verdictLines(one, units, names));
  return {
    outcome: verdict.type,
    lines: [
      ...lines,
      ...(finding?.isCutShort === true ? ['not shortened further: the search was cancelled'] : []),
      ...others.map(([line]) => beforeText(line!)),
    ],
    brokenBefore: before.map((one) => brokenBeforeText(one, units)),
    ...('states' in verdict ? { states: verdict.states } : { runs: verdict.runs }),
    cut: verdict.cut,
    ...(finding && { finding: foundOf(finding, units) }),
  };
}

/** Walks that found nothing prove nothing: beside a verdict, their `? unknown` only puzzles. */
function beforeText(line: string): string {
  return `before that, random walks: ${line.replace(/^\? unknown: /, '')}`;
}

function foundOf(
  { subject, reason, actions, isAtEnd }: Finding,
  units: Units,
): NonNullable<FindResult['finding']> {
  const isReached = reason.code === 'reached';
  return {
    promise: 'text' in subject && isReached ? subject.text : promisedText(subject),
    why: whyText(reason, units),
    actions,
    ends: isReached ? 'reached' : isAtEnd ? 'broken at its end' : 'broken',
  };
}

function whyText(reason: Finding['reason'], units: Units): string {
  if (reason.code === 'reached') return 'reached';
  if (reason.code === 'not-reached') return `not reached within ${durationText(reason.within)}`;
  return reasonSentence(reason, units);
}

function brokenBeforeText({ subject, reason, step }: BrokenBefore, units: Units): string {
  return `${promisedText(subject)}: ${whyText(reason, units)} (step ${step})`;
}

export function refusedText(why: FindRefused, units: Units): string {
  switch (why.code) {
    case 'run ended':
      return 'Nothing can happen after this moment: go back to an earlier step, and search there.';
    case 'broken already':
      return (
        `This run has broken the promise already: ${brokenBeforeText(why.before, units)}. ` +
        'Go back to a step before that, and search there.'
      );
    case 'other run':
      return (
        'This run is not possible with the present code: restart the session, and search again.'
      );
  }
}

export function wrongText(wrong: WrongRequest): string {
  switch (wrong.code) {
    case 'mode':
    case 'target':
      return `There is no ${wrong.code} \`${wrong.found}\` (${wrong.hint}).`;
    case 'faults':
      return `"faults": ${wrong.why}.`;
    case 'limit':
      return `"limits.${wrong.name}" must be a positive integer, not ${String(wrong.found)}.`;
    case 'condition':
      return `"reach":1:${wrong.column}: ${wrong.why}.`;
    case 'walk reaches':
      return (
        `The mode ${wrong.mode} does not search for a state: choose bfs, dfs or auto. ` +
        `Without a limit, a search ends after ${limitsDefault.seconds} seconds.`
      );
  }
}

const notSavedTexts: Readonly<Record<(SavedFinding & { notSaved: string })['notSaved'], string>> = {
  'not a promise': 'a state that was searched for is not a promise of a scenario',
  'not schedulable':
    'without its latencies, losses and later steps, the run does not break the promise',
  'no words': 'the steps of a scenario cannot say what happens in this run',
  'too long': 'the run is too long to find out what it needs; search from an earlier moment',
};

export function notSavedText(saved: Extract<SavedFinding, { notSaved: string }>): string {
  return notSavedTexts[saved.notSaved];
}
