/** Words for tests that failed: the command line and the editor's Testing view use these. */
import type { Units } from '../kernel/text/data-text.ts';
import type { TestFailure } from './scenario-test.ts';
import { subjectText, verdictReason } from './verdict-words.ts';

/** A clause without a capital or a period, to follow the name of a file and a colon. */
export function testFailureText(failure: TestFailure, units: Units): string {
  if (failure.type === 'endless') return `it was stopped after ${failure.actions} actions`;
  const { verdict } = failure;
  return `${subjectText(verdict.subject)}: ${verdictReason(verdict, units)}`;
}
