import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import type { OnnxSession } from '../../../adapters/onnx/session.ts';
import { unwire, wire } from '../../../adapters/onnx/wire.ts';
import { ModeldropError } from '../../../models/errors.ts';
import { dieWithParent } from '../die-with-parent.ts';
import type { Question, Reply } from './messages.ts';

const open = openInRuntime();
const NEVER = new AbortController().signal;
let session: OnnxSession | undefined;

async function answer(question: Question): Promise<Reply> {
  try {
    if ('open' in question) {
      session = await open(question.open);
      return { outputs: [] };
    }
    return { outputs: wire(await (session as OnnxSession).run(unwire(question.run), NEVER)) };
  } catch (error) {
    if (error instanceof ModeldropError) return { failed: { message: error.message, status: error.status } };
    throw error;
  }
}

process.on('message', async (question) => process.send?.(await answer(question as Question)));
process.once('disconnect', () => process.exit());
dieWithParent();
