/** Why a search did not do something, in words: a table with a text for each reason. */

/** A text for each code of a reason, which may use its data and the names of options. */
export type ReasonTexts<Why extends { readonly code: string }, Names> = {
  readonly [Code in Why['code']]: (why: Extract<Why, { code: Code }>, names: Names) => string;
};

export function reasonText<Why extends { readonly code: string }, Names>(
  texts: ReasonTexts<Why, Names>,
  why: Why,
  names: Names,
): string {
  const text = texts[why.code as Why['code']] as (why: Why, names: Names) => string;
  return text(why, names);
}
