import type { KernelLoops, Kernels } from './kernels.ts';
import { MODULE } from './module.ts';

/** What is used here of WebAssembly: Node's types leave it to those of browsers. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const PAGE = 65_536;

let compiled: object | undefined;

/**
 * The kernels in WebAssembly over a memory of at least `bytes`. The module is compiled when it is first asked for.
 * @throws Error where there is no WebAssembly, no SIMD, or no memory
 */
export function webAssemblyKernels(bytes: number): Kernels {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  compiled ??= new WebAssembly.Module(decoded());
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE)) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { memory: memory.buffer, ...(exports as KernelLoops) };
}

/** A plain loop: at a cold start it takes half the time of `Uint8Array.from`. */
function decoded(): Uint8Array {
  const text = atob(MODULE);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
