/** A recorded run as one page of HTML that plays it, without anything from elsewhere. */
import type { RecordedRun } from './recorded-run.ts';

/** What the build makes for such a page, in `dist/webview`. */
export interface PageParts {
  /** The page, with `{{title}}`, `{{about}}`, `{{code}}` and `{{run}}` where these belong. */
  readonly template: string;
  /** The modules of the player, each after those that it imports. */
  readonly modules: readonly PageModule[];
}

export interface PageModule {
  /** The name of its file, without folders: others import it by that. */
  readonly name: string;
  readonly text: string;
}

/** Where the parts are in `dist`, and which files have the modules. */
export const pageFiles = {
  template: 'webview/run-page.html',
  modules: 'webview/run-page.json',
  folder: 'webview',
} as const;

/** Compresses a text with `deflate-raw` and writes the bytes as base64. */
export type Compress<Result> = (text: string) => Result;

/** What a page contains in compressed form, as texts of JSON. */
export function pageTexts(run: RecordedRun, { modules }: PageParts) {
  return { code: JSON.stringify(modules), run: JSON.stringify(run) };
}

/** `code` and `run` are the texts of `pageTexts`, compressed. */
export function runPage(
  { about }: RecordedRun,
  { template }: PageParts,
  compressed: { readonly code: string; readonly run: string },
): string {
  const values: Readonly<Record<string, string>> = {
    title: escaped(about.title),
    about: escaped(`${about.scenario} · ${about.protocol} · seed ${about.seed}`),
    ...compressed,
  };
  // In one pass: a title may contain `{{run}}`.
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
