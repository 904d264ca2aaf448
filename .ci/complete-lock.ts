/**
 * Adds to package-lock.json what npm leaves out of it behind a registry that lacks other platforms' binaries: without
 * an entry for every optional dependency, `npm ci` refuses the lock. Run it after every change of a dependency.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const OS = /\b(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/;
const CPU = /\b(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|wasm32|x64)\b/;
const LIBC: Readonly<Record<string, string>> = { gnu: 'glibc', musl: 'musl' };

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };

const entryOf = (name: string, version: string, { dev }: Entry) => {
  const [, os] = OS.exec(name) ?? [];
  const [, cpu] = CPU.exec(name) ?? [];
  const [, libc = ''] = /-(gnu|musl)/.exec(name) ?? [];
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev }),
    ...(LIBC[libc] && { libc: [LIBC[libc]] }),
    optional: true,
    ...(os && { os: [os] }),
  };
};

const present = (path: string, name: string): boolean =>
  `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (present(path, name)) continue;
    lock.packages[`node_modules/${name}`] = entryOf(name, version, entry);
    console.info(`added ${name} ${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
