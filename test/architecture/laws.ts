/** The laws themselves: each takes sources and returns a sentence for every breach. */
import {
  bannedFiles,
  bannedInPure,
  bannedNames,
  bannedWords,
  families,
  type Layer,
  layers,
  limits,
  narrowRules,
} from './layers.ts';
import { functionsOf, importsOf, proseOnly, type Source, wordsOnly } from './source.ts';

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

/** A family of protocols imports only the families that the table allows. */
export const familyImports: Law = (sources) =>
  sources.flatMap((source) => {
    const own = familyOf(source.path);
    if (own === undefined) return [];
    const allowedFamilies = families[own];
    if (allowedFamilies === undefined) return [`${source.path}: list the family ${own} in families`];
    return importsOf(source).flatMap((name) => {
      const other = familyOf(name);
      if (other === undefined || other === own || allowedFamilies.includes(other)) return [];
      const may = allowedFamilies.join(', ') || 'no other family';
      return [`${source.path} imports ${name}: the family ${own} may import ${may}`];
    });
  });

function familyOf(path: string): string | undefined {
  return /^src\/protocols\/([^/]+)\//.exec(path)?.[1];
}

/** The narrower rules; a type that is imported counts too. */
export const narrowImports: Law = (sources) =>
  sources.flatMap((source) =>
    narrowRules
      .filter(({ from }) => source.path.startsWith(`${from}/`))
      .flatMap(({ from, of, only, why }) =>
        importsOf(source)
          .filter((name) => name.startsWith(`${of}/`))
          .filter((name) => !only.some((part) => isWithin(name, `${of}/${part}`)))
          .map((name) => {
            const parts = only.join(', ');
            return `${source.path} imports ${name}: of ${of}, ${from} may import ${parts}: ${why}`;
          }),
      ),
  );

/** `part` is a file, or a folder with a slash at its end. */
function isWithin(name: string, part: string): boolean {
  return part.endsWith('/') ? name.startsWith(part) : name === part;
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

/** Comments and strings of code, all of a document. A sentence may run over several lines. */
export const wording: Law = (sources) =>
  sources.flatMap(({ path, text }) => {
    const prose = path.endsWith('.ts') || path.endsWith('.mjs') ? proseOnly(text) : text;
    return bannedWords.flatMap(({ name, instead }) =>
      [...prose.matchAll(new RegExp(name.source.replaceAll(' ', '\\s+'), `${name.flags}g`))].map(({ 0: found, index }) => {
        const line = prose.slice(0, index).split('\n').length;
        return `${path}:${line}: "${found.replace(/\s+/g, ' ')}" is banned: write ${instead}`;
      }),
    );
  });

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

/** A folder with more files than a reader keeps in mind needs subfolders that name their topics. */
export const folderSizes: Law = (sources) => {
  const counts = new Map<string, number>();
  for (const { path } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > limits.folderFiles)
    .map(([folder, count]) => `${folder} holds ${count} files: group them in subfolders`);
};

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
