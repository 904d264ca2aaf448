import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { verifyFunction } from './handler.ts';

readEnvironment('verify', process.env);

/** @throws TypeError where the URL does not give the file: the drop is tried again */
async function read(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`a presigned read was answered ${response.status}`);
  return response.bytes();
}

export const handler = verifyFunction({ read, openOnnx: openInRuntime(), log: powertoolsLog('verify') });
