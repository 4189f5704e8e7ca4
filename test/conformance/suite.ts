// How a conformance suite ended.

export type SuiteResult =
  | { readonly type: 'equal' }
  | { readonly type: 'different' }
  /** The suite did not run; the reason says what is missing and which package to install. */
  | { readonly type: 'unavailable'; readonly reason: string };
