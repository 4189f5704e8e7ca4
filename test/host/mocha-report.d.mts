// The types of mocha-report.mjs.
import type Mocha from 'mocha';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export function runMocha(mocha: Mocha, file: string | undefined): Promise<Counts>;
