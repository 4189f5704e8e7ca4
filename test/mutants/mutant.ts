/** A mutant: a protocol in which one line is changed, so that it violates an invariant. */
export interface Mutant {
  /** One sentence: what the author of the line forgot or misread. */
  doc: string;
  /** The line in the protocol's source, without its indentation, and its replacement. */
  line: string;
  broken: string;
  /** The invariant that it violates. */
  violates: string;
  /** The file of the line in the folder of its protocol, if it is not the protocol's own. */
  in?: string;
}
