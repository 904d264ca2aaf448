/** Files that people drop and that are not served: how they are told, what they are, and what helps. */
export interface Foreign {
  readonly is: string;
  readonly help: string;
  recognises(bytes: Uint8Array): boolean;
}

const MODEL_JSON = 'write its numbers as model.json, which docs/model.schema.json describes';
const SKLEARN = `linear and logistic models and SVMs of scikit-learn: ${MODEL_JSON}`;

const startsWith =
  (...signature: readonly number[]) =>
  (bytes: Uint8Array): boolean =>
    signature.every((byte, index) => bytes[index] === byte);

const PEEK_BYTES = 4096;

/** Whether the start of the file, read as text, looks like this. */
const looksLike =
  (pattern: RegExp) =>
  (bytes: Uint8Array): boolean =>
    pattern.test(new TextDecoder('latin1').decode(bytes.subarray(0, PEEK_BYTES)));

/** In this order: the more telling comes first. */
export const foreign: readonly Foreign[] = [
  {
    is: 'a Python pickle, which is code and is never loaded',
    help: SKLEARN,
    recognises: (bytes) => bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5,
  },
  {
    is: 'a compressed joblib dump, a pickle, which is code and is never loaded',
    help: SKLEARN,
    recognises: (bytes) => bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0),
  },
  {
    is: 'a zip archive, as torch.save, Keras and numpy.savez write them',
    help: `models inside are not served; ${MODEL_JSON} where the model is linear, logistic or an SVM`,
    recognises: startsWith(0x50, 0x4b, 0x03, 0x04),
  },
  {
    is: 'an HDF5 file, as Keras writes them',
    help: `neural networks are not served yet; ${MODEL_JSON} where the model is linear, logistic or an SVM`,
    recognises: startsWith(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a),
  },
  {
    is: 'gzip compressed',
    help: 'drop the model file itself: gunzip <file>',
    recognises: startsWith(0x1f, 0x8b),
  },
  {
    is: 'a CatBoost model',
    help: 'CatBoost models are not served',
    recognises: startsWith(0x43, 0x42, 0x4d, 0x31),
  },
  {
    is: 'a PMML document',
    help: `PMML is not served; ${MODEL_JSON}`,
    recognises: looksLike(/<PMML[\s>]/),
  },
  {
    is: 'an XGBoost model in its old binary format, or as its dump',
    help: 'write it by booster.save_model("model.json"), or "model.ubj"',
    recognises: looksLike(/^binf|^booster\[0\]:|^\s*\[\s*\{\s*"nodeid"/),
  },
  {
    is: 'an ONNX model',
    help: `ONNX is not served yet; ${MODEL_JSON} where the model is linear, logistic or an SVM`,
    // The first field of a ModelProto is its IR version, a small integer; producer, opset or graph follow.
    recognises: (bytes) => bytes[0] === 0x08 && (bytes[1] ?? 99) < 32 && [0x12, 0x3a, 0x42].includes(bytes[2] ?? 0),
  },
  {
    is: 'a JSON object without "modeldrop": 1',
    help: `add "modeldrop": 1, "kind", "features" and "parameters", as docs/model.schema.json describes`,
    recognises: looksLike(/^(?:\xef\xbb\xbf)?\s*\{/),
  },
];
