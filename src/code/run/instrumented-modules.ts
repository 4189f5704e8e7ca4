/** The modules of a protocol with calls put into their code, all at once, and run so. */
import type { PlaceOf } from './bounded.ts';
import { Instrumented, type Wanted } from '../transform/instrument.ts';
import { evaluate, type Modules, sourceUrl } from '../load/modules.ts';
import type { Recorder } from './recorder.ts';

/** The modules of a workspace with a bound on how long one handler may take. */
export function boundedModules(modules: Modules) {
  const files = instrumented(modules, { sites: new Set(), counts: true });
  const names = [...modules.texts.keys()];
  return {
    columnOf: (file: string) => files[names.indexOf(file)],
    placeOf: placesIn(modules, files),
    evaluate(entry: string, recorder: Recorder): Record<string, unknown> {
      return run(modules, entry, files, recorder);
    },
  };
}

/** Finds the text of a function again in the code of its file. */
export function placesIn({ texts }: Modules, files: readonly Instrumented[]): PlaceOf {
  const names = [...texts.keys()];
  return (code, word) => {
    const text = Function.prototype.toString.call(code);
    const index = files.findIndex((file) => file.code.includes(text));
    if (index < 0) return undefined;
    const from = word === '' ? -1 : text.search(new RegExp(`\\b${word}\\b`));
    const at = files[index].code.indexOf(text) + Math.max(0, from);
    const line = files[index].code.slice(0, at).split('\n').length;
    return `${sourceUrl(names[index])}:${line}:1`;
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
