// `npm run conformance -- transcripts DIR`: replays recorded transcripts of real servers.
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { SuiteResult } from '../suite.ts';
import { countOf, countText, failureText, notModelledText } from './report.ts';
import { foldersIn, type Replayed, replayFolder } from './run.ts';

export const noTranscripts =
  'No transcripts are given. Name their folder: npm run conformance -- transcripts DIR, ' +
  'or set LOCKSTEP_CONFORMANCE to it.';

/** `DIR` is the folder of one server, or a folder of such folders. */
export async function transcriptsConformance(args: readonly string[]): Promise<SuiteResult> {
  const folder = args[0] ?? process.env.LOCKSTEP_CONFORMANCE;
  if (folder === undefined) return { type: 'unavailable', reason: noTranscripts };
  const folders = isFolder(folder) ? foldersIn(folder) : [];
  if (folders.length === 0) {
    return { type: 'unavailable', reason: `There are no transcripts in ${folder}.` };
  }
  const all: Replayed[] = [];
  for (const one of folders) {
    const replayed: Replayed[] = [];
    for (const each of replayFolder(one)) {
      replayed.push(each);
      const failure = failureText(each);
      if (failure !== undefined) console.log(failure);
    }
    all.push(...replayed);
    if (folders.length > 1) console.log(`${basename(one)}: ${countText(countOf(replayed))}`);
  }
  for (const each of all) {
    const reason = notModelledText(each);
    if (reason !== undefined) console.log(reason);
  }
  const count = countOf(all);
  console.log(countText(count));
  return { type: count.failed === 0 ? 'equal' : 'different' };
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
