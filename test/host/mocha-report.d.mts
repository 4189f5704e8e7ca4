// The types of mocha-report.mjs.
import type Mocha from 'mocha';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** The title and the message of each test that failed. */
  failures: string[];
  /** The same of those that passed in a second attempt. */
  repeated: string[];
}

export function runMocha(mocha: Mocha, file?: string): Promise<Counts>;
