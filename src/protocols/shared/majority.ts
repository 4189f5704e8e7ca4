/** How many of a number of servers are a majority: more than half, whether they are up or not. */

export function majorityOf(servers: number): number {
  return Math.floor(servers / 2) + 1;
}
