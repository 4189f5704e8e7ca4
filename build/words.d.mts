/** Writes all English strings to l10n/bundle.l10n.json. */
export function writeBundle(root: string): void;
/** The modules of words, by path. */
export function filesOfWords(root: string): string[];
/** The module in JavaScript with its strings in calls of `translate`, and their templates. */
export function translatable(
  source: string,
  root: string,
): { readonly code: string; readonly templates: ReadonlySet<string> };
