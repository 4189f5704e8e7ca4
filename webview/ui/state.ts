/** The state of a panel's page: what it shows, and of which phase of a session that is. */

import type { Ending, Moment, Views } from '../../src/view/contract.ts';
import type { PanelName } from '../../src/view/panels.ts';

/** What a session shows in a panel. */
export interface Session<Name extends PanelName> {
  /** The last stop; undefined before the first. Both parts describe the same moment. */
  shown?: { moment: Moment; view: Views[Name] };
  phase: Phase;
  /** Until a session first stops: what the one before it showed last. */
  before?: Required<Pick<Session<Name>, 'shown' | 'phase'>>;
}

/** What a panel shows. */
export interface PanelState<Name extends PanelName> extends Session<Name> {
  /** Set while the panel is pinned to what it shows: what it would show if it followed. */
  now?: Session<Name>;
}

/** What is shown is the present only while the debugger is stopped. */
export type Phase =
  | { type: 'empty' }
  /** The page has just opened and does not know yet whether there is a session. */
  | { type: 'opening' }
  /** Nothing is shown yet of a session that begins. */
  | { type: 'loading' }
  | { type: 'stopped' }
  | { type: 'running' }
  | { type: 'ended'; ending: Ending }
  /** The session is stopped, but the view of this panel could not be computed: nothing is shown. */
  | { type: 'failed'; why: string };
