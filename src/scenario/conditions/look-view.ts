/** What a role shows of a node, as expressions read it: `n1.look.votes.granted`. */
import { leasesOf } from '../../kernel/data/leases.ts';
import { intervalAt, type Interval } from '../../kernel/data/interval.ts';
import type { NodeMoment } from '../../kernel/seam/moment.ts';

/** The fields of `look`. A node has those that its role shows. */
export const lookFields = [
  ...['standing', 'tone', 'epoch', 'votes', 'log', 'lease', 'holder', 'authority', 'interval'],
  ...['value', 'token', 'facts', 'others'],
] as const;

/**
 * - `lease`: a list, each with `name`, `until` (seconds on the node's clock), `left` (seconds) and
 *   perhaps `of`
 * - `holder`: a list, each with `of`, `is` and what else the role shows of the holder
 * - `interval`: `earliest`, `latest` and `uncertainty`, in seconds
 * - `log`: `first`, `last`, `committed`, `applied`
 * - the other fields as the role shows them
 */
export function lookView(node: NodeMoment, clock: number): object {
  const { log, lease, holder, interval, ...others } = node.look;
  const { entry: _, ...indexes } = log ?? {};
  return {
    ...others,
    ...(log && { log: indexes }),
    ...(lease && {
      lease: leasesOf({ lease }).map(({ until, ...one }) => {
        return { ...one, until: until / 1_000_000, left: (until - clock) / 1_000_000 };
      }),
    }),
    ...(interval && { interval: intervalView(intervalAt(interval, clock)) }),
    ...(holder && { holder: [holder].flat() }),
  };
}

function intervalView({ earliest, latest, uncertainty }: Interval): object {
  const [from, to, half] = [earliest, latest, uncertainty].map((time) => time / 1_000_000);
  return { earliest: from, latest: to, uncertainty: half };
}
