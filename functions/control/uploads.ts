import type { PresignPut } from '../../adapters/store/presign.ts';
import { MalformedRequest } from '../../models/errors.ts';
import { MODEL_NAME } from '../../models/model-name.ts';
import { json } from '../http/answer.ts';
import { checkedBody } from '../http/checked-body.ts';
import type { Operation } from '../http/handler.ts';
import { dropId, inboxKey } from '../http/inbox.ts';
import { modelInSight } from '../http/sight.ts';
import { UploadRequest } from '../http/upload-request.ts';

const request = checkedBody(UploadRequest);

/** So that the report beside it, `<file>.report.json`, has a name that every store holds. */
const LONGEST_FILE = 240;

/** `POST /v1/models/{model}/uploads`: where to PUT a file, and the drop that it will be. */
export const uploadOperation =
  ({ presign }: { readonly presign: PresignPut }): Operation =>
  async (call) => {
    const { model: stated = '' } = call.params;
    if (!MODEL_NAME.test(stated)) {
      throw new MalformedRequest({ where: 'model', rule: `must match ${MODEL_NAME.source}`, found: stated });
    }
    const model = modelInSight(call);
    const { file, sha256 } = request(call);
    if (Buffer.byteLength(file) > LONGEST_FILE) {
      throw new MalformedRequest({ where: 'body.file', rule: `must take at most ${LONGEST_FILE} bytes`, found: file });
    }
    const key = inboxKey(model, file);
    return json({ drop: dropId(key, sha256), method: 'PUT', ...(await presign(key, sha256)) }, 201);
  };
