/** Nodes that can change places, so that a search has fewer states to visit. */

/** A part of a role. */
export interface Alike {
  /**
   * True if nodes of the role can change places: code compares their names for equality only, and
   * nothing depends on the order of `peers`, of `nodes` or of an object's keys that name them. Then
   * a search without time counts states as one that differ only in which node is which. Keep a set
   * of such names as the keys of an object, because a list has an order. A search tries whether
   * the nodes are alike, and says so if they are not.
   */
  alike?: boolean;
}
