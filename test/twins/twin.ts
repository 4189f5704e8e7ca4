/** What a broken twin is: a protocol with one line changed. */
export interface Twin {
  /** What was forgotten or misread, in a sentence. */
  doc: string;
  /** The line as it stands in the protocol's file, without its indentation, and what replaces it. */
  line: string;
  broken: string;
  /** The invariant that must catch it. */
  violates: string;
}
