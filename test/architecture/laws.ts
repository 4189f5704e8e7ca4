/** The laws themselves: each takes sources and answers a sentence for every breach. */
import { bannedFiles, bannedInPure, bannedNames, type Layer, layers, limits } from './layers.ts';
import { functionsOf, importsOf, type Source, wordsOnly } from './source.ts';

export type Law = (sources: readonly Source[]) => string[];

const layerOf = (path: string): Layer | undefined =>
  layers.find(({ folder }) => path.startsWith(`${folder}/`));

export const importDirection: Law = (sources) =>
  sources.flatMap((source) => {
    const own = layerOf(source.path);
    if (!own) return [];
    return importsOf(source)
      .filter((name) => !mayImport(own, name))
      .map((name) => `${source.path} imports ${name}: ${own.folder} may import ${allowed(own)}`);
  });

function mayImport(own: Layer, name: string): boolean {
  const target = layerOf(name);
  if (target) return target === own || own.imports.includes(target.folder);
  if (name.startsWith('src/')) return false;
  return own.packages.some(
    (one) => name === one || name.startsWith(one.endsWith(':') ? one : `${one}/`),
  );
}

function allowed(own: Layer): string {
  return [...own.imports, ...own.packages].join(', ') || 'nothing';
}

export const noCycles: Law = (sources) => {
  const graph = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const done = new Set<string>();
  const breaches: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) breaches.push(`a cycle: ${[...trail.slice(at), path].join(' → ')}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return breaches;
};

export const purity: Law = (sources) =>
  sources
    .filter(({ path }) => layerOf(path)?.pure)
    .flatMap((source) => banned(source, bannedInPure));

export const names: Law = (sources) =>
  sources.flatMap((source) => [
    ...banned(source, bannedNames),
    ...(bannedFiles.test(source.path) ? [`${source.path}: name the file for what is in it`] : []),
  ]);

function banned({ path, text }: Source, table: typeof bannedNames): string[] {
  return wordsOnly(text)
    .split('\n')
    .flatMap((line, index) =>
      table
        .filter(({ name }) => name.test(line))
        .map(
          ({ name, instead }) =>
            `${path}:${index + 1}: ${name.exec(line)![0]} is banned: use ${instead}`,
        ),
    );
}

export const firstSentence: Law = (sources) =>
  sources
    .filter(({ text }) => !/^(#![^\n]*\n)?(\/\*\*|\/\/)\s+(\* )?\S/.test(text))
    .map(({ path }) => `${path} does not open with a sentence that says what it is`);

export const sizes: Law = (sources) =>
  sources.flatMap((source) => {
    const lines = source.text.split('\n');
    const long = lines.flatMap((line, index) =>
      line.length > limits.lineLength
        ? [`${source.path}:${index + 1}: ${line.length} columns`]
        : [],
    );
    const tall =
      lines.length > limits.fileLines + 1 ? [`${source.path}: ${lines.length} lines`] : [];
    const functions = functionsOf(source)
      .filter((one) => one.lines > limits.functionLines)
      .map((one) => `${source.path}:${one.line}: ${one.name} has ${one.lines} lines`);
    return [...long, ...tall, ...functions];
  });
