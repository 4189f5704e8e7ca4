/** What computes the view of a panel, and answers what its page asks. */
import type { Reading } from '../session/read/reading.ts';
import type { Answers, Questions, Selections, Views } from './contract.ts';
import type { PanelName } from './panels.ts';

/**
 * One for each session and panel, so a source may keep what it computed of earlier steps: as long
 * as the branch of the cursor (see `branchOf`) and the code are the same, those steps are, too. A
 * view must depend on what is recorded alone, not on the views that were computed before it.
 */
export interface PanelSource<Name extends PanelName> {
  /** What is shown until the user selects something else. */
  readonly selection: Selections[Name];
  /** What a client sent, if it is a selection of this panel; undefined if it is not. */
  selected(value: unknown): Selections[Name] | undefined;
  view(reading: Reading, selection: Selections[Name]): Views[Name];
  /** What a client sent, if it is a question of this panel; undefined if it is not. */
  asked(value: unknown): Questions[Name] | undefined;
  /** Takes a few milliseconds at most, because no other request is answered meanwhile. */
  answer(reading: Reading, question: Questions[Name]): Answers[Name];
}
