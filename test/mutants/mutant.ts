/** What a mutant is: a protocol with one line changed. */
export interface Mutant {
  /** What was forgotten or misread, in a sentence. */
  doc: string;
  /** The line as it stands in the protocol's file, without its indentation, and what replaces it. */
  line: string;
  broken: string;
  /** The invariant that must catch it. */
  violates: string;
}
