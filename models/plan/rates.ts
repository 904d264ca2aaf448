/** How fast machines run models: what a plan reckons with, and where each figure comes from. */
export interface Rates {
  /** Multiply-adds a second of one Lambda vCPU in ONNX Runtime. */
  readonly lambda: number;
  /** Multiply-adds a second, by SageMaker instance type. */
  readonly instance: Readonly<Record<string, number>>;
  /** Milliseconds that a call takes beside the model. */
  readonly callMs: { readonly lambda: number; readonly endpoint: number };
  readonly asOf: string;
}

/**
 * Lambda: one core of a server machine with ONNX Runtime 1.30 on small convolutional networks. GPUs: a fifth
 * of the peak that NVIDIA states for single precision, 4.05 and 15.6 tera multiply-adds; not measured.
 */
export const typicalRates: Rates = {
  lambda: 8e9,
  instance: { 'ml.g4dn.xlarge': 0.8e12, 'ml.g5.xlarge': 3.1e12 },
  callMs: { lambda: 3, endpoint: 8 },
  asOf: '2026-11',
};
