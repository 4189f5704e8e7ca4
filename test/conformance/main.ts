// `npm run conformance [-- NAME]`: compares the simulations with real servers, installed or recorded.
import { postgresConformance } from './postgres.ts';
import { historiesConformance } from './histories/histories.ts';
import { litmusConformance } from './histories/litmus.ts';
import { etcdConformance } from './random/etcd/etcd.ts';
import { zookeeperConformance } from './random/zookeeper/zookeeper.ts';
import { redisConformance } from './redis.ts';
import type { SuiteResult } from './suite.ts';
import { transcriptsConformance } from './transcripts/suite.ts';

const suites: Record<string, (args: readonly string[]) => Promise<SuiteResult>> = {
  redis: redisConformance,
  postgres: postgresConformance,
  etcd: etcdConformance,
  zookeeper: zookeeperConformance,
  transcripts: transcriptsConformance,
  histories: historiesConformance,
  litmus: litmusConformance,
};

const [requested, ...args] = process.argv.slice(2);
if (requested !== undefined && !Object.hasOwn(suites, requested)) {
  const known = Object.keys(suites).join(', ');
  console.error(`conformance: no suite is named ${requested}. The suites are ${known}.`);
  process.exit(2);
}
let isDifferent = false;
const skipped: string[] = [];
for (const name of requested === undefined ? Object.keys(suites) : [requested]) {
  const result = await suites[name](args);
  if (result.type === 'different') isDifferent = true;
  if (result.type === 'unavailable') skipped.push(`${name}: skipped, not passed. ${result.reason}`);
}
// The last lines, so that a suite that did not run is not mistaken for one that passed.
for (const line of skipped) console.log(line);
process.exit(isDifferent ? 1 : skipped.length > 0 ? 2 : 0);
