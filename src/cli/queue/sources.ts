/** A scenario and the files of its protocol as one piece of data: a worker shares no disk. */
import { loadProtocol } from '../../code/code.ts';
import { loadInTime } from '../../dap/process/run-limit.ts';
import { library } from '../../protocols/library.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { problemText } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Loaded } from '../load.ts';
import type { Sources } from '../seeds/seeds-thread.ts';

/** The files come in the order of their names: equal sources make equal jobs. */
export function sourcesOf(file: string, { source }: Loaded): Sources {
  const { text, own } = source!;
  if (own === undefined) return { file, text };
  const files = [...own.texts].sort(([one], [other]) => (one < other ? -1 : 1));
  return { file, text, own: { entry: own.entry, files } };
}

/** Loads them as any protocol of a workspace is loaded: checked, and within the same limits. */
export function scenarioOf({ file, text, own }: Sources): { scenario: Scenario; isOwn: boolean } {
  const code = own && loadInTime(() => loadProtocol(new Map(own.files), own.entry));
  const overrides = code === undefined ? {} : { protocol: code.protocol };
  const { scenario, problems } = parseScenario(text, file, library, overrides);
  if (scenario === undefined) {
    throw new Error(problems.map((problem) => problemText(file, problem)).join('\n'));
  }
  return { scenario, isOwn: code !== undefined };
}
