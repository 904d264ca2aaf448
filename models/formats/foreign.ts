import { recognises as isOnnx } from './onnx/recognise.ts';
import { both, either, has, looksLike, type Peek, zipWith } from './peek.ts';

/** Files that people drop and that are not served: how they are told, what they are, and what helps. */
export interface Foreign {
  readonly is: string;
  readonly help: string;
  readonly recognises: Peek;
}

const MODEL_JSON = 'write its numbers as model.json, which docs/model.schema.json describes';

/** What wrote the pickle can write something better. */
const PICKLED =
  'export it where it was trained. XGBoost: model.save_model("model.json"). ' +
  'LightGBM: model.booster_.save_model("model.txt"). ' +
  'scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False}).SerializeToString(); ' +
  `or, where it is linear, logistic or an SVM, ${MODEL_JSON}`;
const KERAS =
  'export it where it was trained: model.export("model.onnx", format="onnx"); or python -m tf2onnx.convert --keras <file> --output model.onnx';
const TORCH = 'export it where it was trained: torch.onnx.export(model, example_inputs, "model.onnx")';

/** Protocols 2 to 5 begin with their number, 0 and 1 with what they make. */
const isPickle = either(
  (bytes) => bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5,
  looksLike(/^(?:c[a-z_][\w.]*\n\w+\n|\([dl]p0\n|\(c[a-z_][\w.]*\n)/),
);

/** zlib, bzip2, xz, lzma and lz4: all that `joblib.dump(compress=...)` offers but gzip. */
const isCompressed = either(
  (bytes) => bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0),
  has(0, 'BZh'),
  has(0, 0xfd, '7zXZ', 0),
  has(0, 0x5d, 0, 0),
  has(0, 0x04, 0x22, 0x4d, 0x18),
);

/** A length of eight bytes, and that much JSON of tensors. */
const isSafetensors: Peek = both(has(6, 0, 0, '{'), looksLike(/"dtype"\s*:|"__metadata__"\s*:/));

/** In this order: the more telling comes first. */
export const foreign: readonly Foreign[] = [
  {
    is: 'a Python pickle (joblib writes one too), which is code and is never loaded',
    help: PICKLED,
    recognises: isPickle,
  },
  {
    is: 'a compressed joblib dump, a pickle, which is code and is never loaded',
    help: PICKLED,
    recognises: isCompressed,
  },
  {
    is: 'a TorchScript archive, which is code and is never loaded',
    help: 'export it: torch.onnx.export(torch.jit.load("<file>"), example_inputs, "model.onnx")',
    recognises: both(zipWith(/\/data\.pkl/), zipWith(/\/code\//)),
  },
  {
    is: 'what torch.save wrote, a pickle, which is code and is never loaded',
    help: TORCH,
    recognises: zipWith(/\/data\.pkl/),
  },
  { is: 'a Keras archive', help: KERAS, recognises: zipWith(/model\.weights\.h5|keras_metadata/) },
  {
    is: 'arrays as numpy.savez writes them',
    help: `arrays alone are no model; ${MODEL_JSON}`,
    recognises: zipWith(/\.npy/),
  },
  {
    is: 'a zip archive',
    help: 'drop the model file itself, or a Triton repository as .tar.gz',
    recognises: has(0, 'PK', 3, 4),
  },
  { is: 'an HDF5 file, as Keras writes them', help: KERAS, recognises: has(0, 0x89, 'HDF\r\n') },
  {
    is: 'weights in safetensors, without the computation that they belong to',
    help: 'export both from where they are loaded: optimum-cli export onnx --model <folder> onnx/',
    recognises: isSafetensors,
  },
  {
    is: 'a language model in GGUF',
    help: 'language models are a later kind; they are not served yet',
    recognises: has(0, 'GGUF'),
  },
  {
    is: 'an R object, as saveRDS or save writes it',
    help: `export the model from R: lightgbm::lgb.save(model, "model.txt"), xgboost::xgb.save(model, "model.ubj"), e1071::write.svm(model, "svm.model"); of a glm, ${MODEL_JSON}`,
    recognises: either(looksLike(/^RD[AX][23]\n/), has(0, 'X\n', 0, 0, 0), looksLike(/^A\n[23]\n/)),
  },
  {
    is: 'compressed with gzip',
    help: 'drop the model file itself: gunzip <file>',
    recognises: has(0, 0x1f, 0x8b),
  },
  {
    is: 'a CatBoost model',
    help: 'export it: model.save_model("model.onnx", format="onnx")',
    recognises: has(0, 'CBM1'),
  },
  {
    is: 'a TensorFlow Lite model',
    help: 'export it from where it was trained: python -m tf2onnx.convert --tflite <file> --output model.onnx',
    recognises: has(4, 'TFL3'),
  },
  {
    is: 'a TensorFlow SavedModel',
    help: 'export it: python -m tf2onnx.convert --saved-model <folder> --output model.onnx',
    // Its schema version is 1, then comes a graph with its description; an ONNX file has a short text in that place.
    recognises: both(
      has(0, 0x08, 0x01, 0x12),
      looksLike(/saved_model|stripped_op_list|tensorflow|Placeholder|VarHandleOp/),
    ),
  },
  {
    is: 'a PMML document',
    help: `export the model from where it was trained: to ONNX, or ${MODEL_JSON}`,
    recognises: looksLike(/<PMML[\s>]/),
  },
  {
    is: 'an XGBoost model in its old binary format, or as its dump',
    help: 'write it by booster.save_model("model.json"), or "model.ubj"',
    recognises: looksLike(/^binf|^booster\[0\]:|^\s*\[\s*\{\s*"nodeid"/),
  },
  {
    is: 'a LightGBM model as its dump',
    help: 'write it by booster.save_model("model.txt")',
    recognises: looksLike(/^\s*\{\s*"name"\s*:\s*"tree"\s*,\s*"version"/),
  },
  {
    is: 'an ONNX model',
    help: 'ONNX Runtime scores it; push it to a platform',
    recognises: isOnnx,
  },
  {
    is: 'a JSON object without "modeldrop": 1',
    help: `add "modeldrop": 1, "kind", "features" and "parameters", as docs/model.schema.json describes`,
    recognises: looksLike(/^(?:\xef\xbb\xbf)?\s*\{/),
  },
];
