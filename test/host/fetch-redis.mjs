// Installs the Redis server that tests of queues start. Without one they are skipped, and say so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptGet } from './fetch-browser.mjs';

export function provideRedis() {
  if (version() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log("provision: installing Debian's redis-server with apt-get");
    aptGet(['update', '-q']);
    aptGet(['install', '-q', '-y', '--no-install-recommends', 'redis-server']);
  }
  const found = version();
  const result = found ?? 'there is none, so that its tests are skipped';
  console.log(`provision: redis-server: ${result}`);
}

function version() {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /v=(\S+)/.exec(stdout)?.[1] : undefined;
}
