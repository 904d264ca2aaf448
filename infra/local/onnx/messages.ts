import type { Wired } from '../../../adapters/onnx/wire.ts';

/** What a model's process is asked: first to open the model, then to run it, one question at a time. */
export type Question = { readonly open: Uint8Array } | { readonly run: readonly Wired[] };

/** What it answers. A failure keeps its status and its words. */
export type Reply =
  | { readonly outputs: readonly Wired[] }
  | { readonly failed: { readonly message: string; readonly status: number } };
