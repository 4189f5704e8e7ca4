/** How long leases are, for bars that shrink: a role shows only when a lease ends. */
import type { Micros } from '../contract.ts';

/** Remembers the longest time that each lease was seen to have left. */
export class LeaseSpans {
  private readonly spans = new Map<string, Micros>();

  span(node: string, lease: string, left: Micros): Micros {
    const key = `${node} ${lease}`;
    const span = Math.max(left, this.spans.get(key) ?? 0);
    this.spans.set(key, span);
    return span;
  }
}
