// From where a search begins: the start of a scenario, or the paused moment of a session.
import type * as vscode from 'vscode';
import type { FindResult, FindStatus, SavedText } from '../../dap/find/finder.ts';
import type { Moment } from '../../dap/requests/find.ts';
import type { FindRequest } from '../../explore/find/request.ts';
import type { About } from './ask-settings.ts';

export interface Source {
  readonly scenario: vscode.Uri;
  about(): Promise<About>;
  /** The same start for another search, wherever the session is by then. */
  again(searched: Searched): Source;
  /** The user has chosen the settings: what checked conditions meanwhile ends. */
  endAsking(): void;
  /** Undefined if the user cancelled it. Rejects if it fails. */
  search(
    request: FindRequest,
    report: (status: FindStatus) => void,
    token: vscode.CancellationToken,
  ): Promise<Searched | undefined>;
}

export interface Searched extends Omit<FindResult, 'finding'> {
  readonly finding?: Opening;
  /** In a session, the moment from which it began. */
  readonly from?: Moment;
}

/** A finding that can be opened and saved. */
export interface Opening {
  /** Whether the session is where the search began, so that the finding may open by itself. */
  readonly isHere: boolean;
  open(): Promise<void>;
  saved(): Promise<SavedText>;
}
