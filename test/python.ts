import { execFileSync } from 'node:child_process';

/**
 * The first python3 of this machine that has all of these modules: `MODELDROP_PYTHON`, python3, Debian's own. Undefined
 * where none has; on CI that is a failure, since .ci/run installs what tests need.
 * @throws Error on CI
 */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const candidates = [process.env.MODELDROP_PYTHON, 'python3', '/usr/bin/python3'];
  const found = candidates.find((python) => python && imports(python, modules));
  if (found === undefined && process.env.CI) throw new Error(`no python3 has ${modules.join(' and ')}`);
  return found;
}

function imports(python: string, modules: readonly string[]): boolean {
  try {
    execFileSync(python, ['-c', modules.map((module) => `import ${module}`).join('\n')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
