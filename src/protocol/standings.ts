/** The standings that a role declares: what a node can be to its cluster, and how that changes. */

/** What a role says of what its `look` shows, for readers who do not know the protocol. */
export interface ExplainedLook {
  /**
   * What the `epoch` of `look` is, in a sentence: `Each election begins a new term, which has at
   * most one leader.` The legend of the picture shows it.
   */
  epochDoc?: string;
  /**
   * What the values of `look` mean, a sentence each, by the name of a fact or of a lease. `votes`,
   * `value` and `token` are those of `look`; `committed`, `applied`, `next` and `match` are of its
   * log; and any other name is that of a log entry, such as `no-op`. A name may end in `…`: it is
   * for all names that begin so, as `TTL of …` is; `…` alone is for those that clients chose.
   */
  lookDocs?: Readonly<Record<string, string>>;
  /** The standings that `look` shows, and the transitions between them: panels draw a diagram. */
  standings?: Standings;
  /**
   * What nodes of this role hold others to be, as `look` shows it in `others`, and the transitions
   * between these: a second diagram, such as alive, suspect and dead of a failure detector. A node
   * that is first heard of begins in the first of them, unless others say `boots`.
   */
  others?: Standings;
}

/**
 * Standing → what it means and how a node leaves it, in the words of the protocol's source. The
 * keys are what `look` shows as `standing`; the empty string is for a node that shows none. A node
 * boots in the first standing, unless others say `boots`. Crashes need no transition: a node that
 * does not run has no standing.
 */
export interface Standings {
  readonly [standing: string]: Standing;
}

export interface Standing {
  /** One sentence: what a node of this standing is, with the place in the source that says so. */
  doc: string;
  /** Whether a node can boot in it, at first or after a crash. */
  boots?: true;
  /**
   * The option of the role without which no node comes to be in it, such as `preVote`. Diagrams
   * leave the standing out if that option is false, 0, null or empty at all nodes of the role.
   */
  option?: string;
  /**
   * The standing that follows → what causes the transition, in a few words: `election timeout`. If
   * it follows itself, the transition is taken when the epoch of `look` changes: a new election. A
   * handler is one step, so what it passes through is not a transition: declare where it ends.
   */
  to?: { readonly [standing: string]: string };
}
