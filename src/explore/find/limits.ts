/** When a search ends, as its user sets it. */

export interface FindLimits {
  readonly seconds?: number;
  readonly states?: number;
  readonly runs?: number;
  readonly depth?: number;
  /** In flight at once: states with more are not searched further. */
  readonly messages?: number;
  readonly megabytes?: number;
}

export const limitNames = ['seconds', 'states', 'runs', 'depth', 'messages', 'megabytes'] as const;
