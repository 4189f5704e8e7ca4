// `npm run conformance -- NAME`: compares a simulation with the real server, if that is installed.
import { postgresConformance } from './postgres.ts';
import { redisConformance } from './redis.ts';

/** Each returns an exit code. */
const suites: Record<string, (args: readonly string[]) => Promise<number>> = {
  redis: redisConformance,
  postgres: postgresConformance,
};

const [name, ...args] = process.argv.slice(2);
if (name !== undefined && !Object.hasOwn(suites, name)) {
  console.error(`conformance: there is no \`${name}\`, only ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const one of name === undefined ? Object.keys(suites) : [name]) {
  failed = (await suites[one](args)) || failed;
}
process.exit(failed);
