import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

const EVERY_MS = 25;

/**
 * Tells once when a process has taken more memory than it may. Where this machine does not say what a process takes,
 * Node's own bound on its heap is all there is.
 * @returns a function that ends the watch
 */
export function watchMemory({ pid }: ChildProcess, megabytes: number, exceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (residentMegabytes(pid) <= megabytes) return;
    clearInterval(timer);
    exceeded();
  }, EVERY_MS);
  return () => clearInterval(timer);
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
