/** What the host of an adapter gives it: files, limits, and what is known before a launch. */
import type { Finder } from './find/finder.ts';
import type { ReadFile } from './load.ts';
import type { TimeLimit } from './time-limit.ts';

export interface AdapterOptions {
  readonly readFile: ReadFile;
  /** The scenario that will be launched, if it is known before: its events are the filters. */
  readonly scenario?: string;
  /** The folder that contains its protocol and all that this imports; a launch gives it again. */
  readonly root?: string;
  /** Whether code of the workspace may run at `initialize`; a launch decides for itself. */
  readonly trusted?: boolean;
  /** Ends code that takes too long, if the host can. */
  readonly limit?: TimeLimit;
  /** Searches for schedules beside the adapter; absent if the host cannot. */
  readonly find?: Finder;
  /** The folder on the client's disk with the sources of the built-in protocols. */
  readonly protocolRoot?: string;
}
