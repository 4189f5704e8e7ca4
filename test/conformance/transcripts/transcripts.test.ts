// The recorded transcripts of real servers, replayed on the simulated ones: what each must reach.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnavailable } from '../unavailable.ts';
import { countOf, failureText } from './report.ts';
import { replayFolder } from './run.ts';

const root = process.env.LOCKSTEP_CONFORMANCE;
const unset =
  'LOCKSTEP_CONFORMANCE is not set. Set it to the folder with the transcripts of real servers.';

/** The least part of a folder that must pass; none of it may fail. */
const demands: Readonly<Record<string, number>> = {
  etcd: 1,
  postgres: 0.9,
  redis: 0.9,
  zookeeper: 1,
};

for (const [server, leastPassed] of Object.entries(demands)) {
  test(`the simulation does what ${server} was recorded to do`, (context) => {
    if (root === undefined) skipUnavailable(context, unset);
    const folder = join(root, 'servers', server);
    if (!existsSync(folder)) skipUnavailable(context, `There are no transcripts in ${folder}.`);
    const replayed = [...replayFolder(folder)];
    const failures = replayed.map(failureText).filter((text) => text !== undefined);
    expect(failures).toEqual([]);
    expect(countOf(replayed).passed / replayed.length).toBeGreaterThanOrEqual(leastPassed);
  });
}
