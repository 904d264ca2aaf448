import { ModeldropError } from '../../models/errors.ts';

/** No Python on this machine has PyTorch. */
export class TorchMissing extends ModeldropError {
  override readonly name = 'TorchMissing';
  readonly status = 422;
  constructor(tried: readonly { readonly python: string; readonly why: string }[]) {
    const list =
      tried.map(({ python, why }) => `${python} (${why})`).join(', ') || 'nothing: there is no python3 on PATH';
    super(
      `a network is trained by PyTorch, and no Python here has it. Tried ${list}. ` +
        'Install it (pip install torch numpy; on Debian apt install python3-torch), or name a Python that has it in MODELDROP_PYTHON',
      { tried },
    );
  }
}

/** PyTorch did not come to an end. */
export class TorchFailed extends ModeldropError {
  override readonly name = 'TorchFailed';
  readonly status = 422;
  constructor(words: string) {
    super(`the training ended early: ${words}`, { words });
  }
}
