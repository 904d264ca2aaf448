/** What helps where a repository is not for ONNX Runtime. */
interface Backend {
  /** Told by what a config calls it, or by the file that it looks for. */
  readonly pattern: RegExp;
  readonly help: string;
}

const backends: readonly Backend[] = [
  { pattern: /^pytorch|\.pt2?$/, help: 'export the model: torch.onnx.export(model, example_inputs, "model.onnx")' },
  {
    pattern: /^tensorflow|\.(savedmodel|graphdef)$/,
    help: 'convert it: python -m tf2onnx.convert --saved-model <folder> --output model.onnx',
  },
  { pattern: /^python$|\.py$/, help: 'code is not a model: export what it computes as ONNX' },
  {
    pattern: /^(tensorrt|openvino)|\.(plan|xml)$/,
    help: 'drop the ONNX file that it was made from; that runs everywhere',
  },
  { pattern: /^fil$|\.(json|txt|ubj)$/, help: 'drop the file of XGBoost or LightGBM in it by itself' },
  { pattern: /^ensemble$/, help: 'drop each of its models by itself' },
];

/** Whether this is what a config calls ONNX Runtime. */
export const isOnnxRuntime = (platform: string): boolean => /^onnxruntime(_onnx)?$/.test(platform);

/** The rule that a repository for another backend breaks, and what helps. */
export function onnxRuntimeOnly(found: string): string {
  const help = backends.find(({ pattern }) => pattern.test(found))?.help ?? 'export the model as ONNX';
  return `must be a repository for ONNX Runtime (platform: "onnxruntime_onnx"), not one for ${found}: ${help}`;
}
