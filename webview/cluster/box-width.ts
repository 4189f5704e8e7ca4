/** How wide the boxes of the picture are. */

/** A few servers have room for wide boxes, with long ballots and values on one line. */
export function boxWidth(servers: number, width: number): number {
  if (width < 480) return 84;
  return servers <= 8 ? 128 : 108;
}
