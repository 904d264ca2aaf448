/** How fast machines run models: what a plan reckons with, and where each figure comes from. */
export interface Rates {
  /** Multiply-adds a second of one Lambda vCPU in ONNX Runtime. */
  readonly lambda: number;
  /** Multiply-adds a second, by SageMaker instance type. */
  readonly instance: Readonly<Record<string, number>>;
  /** Milliseconds that a call takes beside the model. */
  readonly callMs: { readonly lambda: number; readonly endpoint: number; readonly endpointAsync: number };
  /** Seconds until an asynchronous endpoint has an instance, and without a call until it has none again. */
  readonly asyncS: { readonly wake: number; readonly idle: number };
  readonly asOf: string;
}

/**
 * Lambda: one core of a server machine with ONNX Runtime 1.30 on small convolutional networks. GPUs: a fifth
 * of the peak that NVIDIA states for single precision, 4.05 and 15.6 tera multiply-adds; not measured. Asynchronous endpoints: AWS
 * speaks of minutes until there is an instance, and lets it go after fifteen of little to do; not measured either.
 */
export const typicalRates: Rates = {
  lambda: 8e9,
  instance: { 'ml.g4dn.xlarge': 0.8e12, 'ml.g5.xlarge': 3.1e12 },
  callMs: { lambda: 3, endpoint: 8, endpointAsync: 2_000 },
  asyncS: { wake: 420, idle: 900 },
  asOf: '2026-11',
};
