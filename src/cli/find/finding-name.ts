/** The name of the file of a saved finding. */
import { plainPath } from '../../code/load/source-paths.ts';
import type { Promised } from '../../explore/verdict.ts';
import { promisedText } from '../explore/words.ts';

const slugMost = 60;

/** `lock.scenario.yaml` and `Mutual Exclusion` give `lock-mutual-exclusion`. */
export function findingName(file: string, subject: Promised): string {
  const base = plainPath(file).replace(/^.*\//, '').replace(/(\.broken)?(\.scenario)?\.ya?ml$/, '');
  const promise = promisedText(subject);
  const slug = promise.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${base}-${slug.slice(0, slugMost).replace(/-$/, '')}`;
}
