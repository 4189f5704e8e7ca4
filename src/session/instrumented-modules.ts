/** The modules of a protocol with calls put into their code, all at once, and run so. */
import { Instrumented, type Wanted } from './instrument.ts';
import { evaluate, type Modules } from './modules.ts';
import type { Recorder } from './recorder.ts';

/** The modules of a workspace with a bound on how long one handler may take. */
export function boundedModules(modules: Modules) {
  const files = instrumented(modules, { sites: new Set(), counts: true });
  const names = [...modules.texts.keys()];
  return {
    columnOf: (file: string) => files[names.indexOf(file)],
    evaluate(entry: string, recorder: Recorder): Record<string, unknown> {
      return run(modules, entry, files, recorder);
    },
  };
}

/** What the entry exports when it runs with these in place of its texts. */
export function run(
  modules: Modules,
  entry: string,
  files: readonly Instrumented[],
  recorder: Recorder,
): Record<string, unknown> {
  const codes = new Map([...modules.texts.keys()].map((file, i) => [file, files[i].code]));
  return evaluate(modules, entry, ({ file }) => codes.get(file)!, recorder);
}

export function instrumented({ texts }: Modules, wanted: Wanted): Instrumented[] {
  let sites = 0;
  let functions = 0;
  return [...texts.values()].map((text) => {
    const file = new Instrumented(text, wanted, sites, functions);
    sites += file.sites.length;
    functions += file.functions.length;
    return file;
  });
}
