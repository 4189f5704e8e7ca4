/** Paths as texts: of a disk, or of a URI; what is imported is found from who imports it. */

/** The folder of a path, without a slash at its end. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end < 0 ? '' : path.slice(0, end);
}

/** A path from a folder, `.` and `..` followed; undefined where it leads above the root. */
export function joined(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** `\` as `/`, a drive in lower case: so that two names of one file are equal. */
export function plainPath(path: string): string {
  const forward = /^[a-z][\w+.-]+:\/\//i.test(path) ? path : path.replaceAll('\\', '/');
  return forward.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}

/** The file that an import names; the ending may be left out, or be that of what is built. */
export function sourceNamed(path: string): string {
  return path.endsWith('.ts') ? path : `${path.replace(/\.js$/, '')}.ts`;
}
