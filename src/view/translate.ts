/**
 * English text in the language of the editor. The modules of words, `view/panel-words` and
 * `extension/words.ts`, contain plain English: build/words.mjs puts calls of this into them.
 */

/** By the English template, such as `Step {0} of {1}`: its translation. */
export type Translations = Readonly<Record<string, string>>;

/** The page of a panel has them before its script runs, because words may be constants. */
let translations = (globalThis as { lockstepTranslations?: Translations }).lockstepTranslations;

export function setTranslations(now: Translations | undefined): void {
  translations = now;
}

export function translate(template: string, ...values: readonly unknown[]): string {
  const text = translations?.[template] ?? template;
  if (values.length === 0) return text;
  return text.replace(/\{(\d+)\}/g, (place, index) => {
    const number = Number(index);
    return number < values.length ? String(values[number]) : place;
  });
}
