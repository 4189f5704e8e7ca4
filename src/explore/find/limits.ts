/** When a search ends, as its user sets it. */

export interface FindLimits {
  readonly seconds?: number;
  readonly states?: number;
  readonly runs?: number;
  readonly depth?: number;
  readonly megabytes?: number;
}

export const limitNames = ['seconds', 'states', 'runs', 'depth', 'megabytes'] as const;
