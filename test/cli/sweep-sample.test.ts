/** The compose file and the manifest of `samples/sweep`: what they run exists, and is pinned. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { Shell } from './shell.ts';

const folder = fileURLToPath(new URL('../../samples/sweep/', import.meta.url));
const text = (name: string) => readFileSync(`${folder}${name}`, 'utf8');
const bug = (name: string) => {
  return readFileSync(fileURLToPath(new URL(`../../samples/find-the-bug/${name}`, import.meta.url)), 'utf8');
};

interface Service {
  image: string;
  command: string[];
  build?: { additional_contexts: Record<string, string> };
  depends_on?: Record<string, unknown>;
}
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: {
    selector?: { matchLabels?: object; app?: string };
    backoffLimit?: number;
    template?: {
      metadata?: { labels: object };
      spec: { restartPolicy?: string; containers: { name: string; image: string; args: string[] }[] };
    };
  };
}

const { services } = parse(text('compose.yaml')) as { services: Record<string, Service> };
const manifests = parseAllDocuments(text('kubernetes.yaml')).map((one) => one.toJS() as Manifest);
const containers = manifests.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
const images = [...Object.values(services), ...containers].map(({ image }) => image);

test('every image has a version', () => {
  const base = [...text('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, one]) => one!);
  for (const image of [...images, ...base]) expect(image).toMatch(/^[\w-]+:\d+\.\d+\.\d+(-\w+)*$/);
});

test('the image has the packages with which the queue is tested', () => {
  for (const name of ['bullmq', 'ioredis']) {
    const [, version] = new RegExp(`${name}@(\\S+)`).exec(text('Dockerfile'))!;
    const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    expect((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version).toBe(version);
  }
});

/** The arguments without `--queue`, so that a command ends: it must accept all others. */
async function accepted(args: readonly string[]): Promise<void> {
  const at = args.indexOf('--queue');
  expect(args[at + 1]).toBe('redis://redis:6379');
  const others = args.toSpliced(at, 2).map((one) => one.replace(/^\$\{\w+:-(.*)\}$/, '$1'));
  const files = Object.fromEntries(
    ['transaction.scenario.yaml', 'transaction.ts'].map((name) => [name, bug(name)]),
  );
  const { code, error } = await new Shell(files).run(...others);
  if (others[0] === 'worker') expect(error).toContain('worker needs --queue');
  else expect({ code, error }).toEqual({ code: 1, error: '' });
}

test('the commands of the compose file exist, and find the fault', async () => {
  for (const name of ['worker', 'explore']) await accepted(services[name]!.command);
  expect(services['redis']!.command[0]).toBe('redis-server');
  for (const name of ['worker', 'explore']) expect(services[name]!.depends_on).toHaveProperty('redis');
});

test('the commands of the manifest exist, and find the fault', async () => {
  for (const { name, args } of containers) if (name !== 'redis') await accepted(args);
  expect(containers.map(({ name }) => name)).toEqual(['redis', 'worker', 'explore']);
});

test('a command with an unknown option is not accepted', async () => {
  const args = ['explore', 'transaction.scenario.yaml', '--sedes', '1..2'];
  await expect(accepted([...args, '--queue', 'redis://redis:6379'])).rejects.toThrow();
});

test('the manifest has one namespace, and selectors that select', () => {
  const namespaced = manifests.filter(({ kind }) => kind !== 'Namespace');
  for (const { metadata } of namespaced) expect(metadata.namespace).toBe('lockstep-sweep');
  for (const { kind, spec } of manifests) {
    if (kind !== 'Deployment') continue;
    expect(spec!.selector!.matchLabels).toEqual(spec!.template!.metadata!.labels);
  }
  const job = manifests.find(({ kind }) => kind === 'Job')!;
  expect([job.spec!.backoffLimit, job.spec!.template!.spec.restartPolicy]).toEqual([0, 'Never']);
});

test('README names the services and options that there are', () => {
  const readme = text('README.md');
  for (const name of ['LOCKSTEP', 'SCENARIOS', 'SCENARIO']) {
    expect(readme).toContain(`\`${name}\``);
    expect(text('compose.yaml')).toContain(`\${${name}:`);
  }
  const up = /docker compose up --build --detach (.*)/.exec(readme)![1]!.split(' ');
  for (const name of up) expect(services).toHaveProperty(name);
});
