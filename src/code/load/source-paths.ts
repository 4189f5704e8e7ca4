/** Paths of source files as strings: of a disk, or of a URI in a workspace without a disk. */

/** The folder of a path, without a slash at its end. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end < 0 ? '' : path.slice(0, end);
}

/** Resolves a relative path from a folder; undefined if it leads above the root. */
export function joined(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Writes `\` as `/` and a drive in lower case, so that two spellings of one path are equal. */
export function plainPath(path: string): string {
  const forward = /^[a-z][\w+.-]+:\/\//i.test(path) ? path : path.replaceAll('\\', '/');
  return forward.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}

/** The source file that an import names: it may omit the extension, or write `.js`. */
export function sourceNamed(path: string): string {
  return path.endsWith('.ts') ? path : `${path.replace(/\.js$/, '')}.ts`;
}
