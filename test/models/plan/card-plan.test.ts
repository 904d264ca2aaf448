import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../models/manifest.ts';
import { cardPlan } from '../../../models/plan/card-plan.ts';

const SECONDS = 730 * 3_600;
const blob = (file: string, bytes: number) => ({ file, bytes, sha256: 'a'.repeat(64) });
const onnx = (multiplyAdds: number, siblings: string[] = []) =>
  ({ multiplyAdds, siblings }) as unknown as NonNullable<Manifest['onnx']>;

describe("a card's plan", () => {
  it('tells what one row a second costs on a function, from list prices', () => {
    const { options, demand } = cardPlan({ blobs: [blob('m.onnx', 1e6)], onnx: onnx(8e6) });
    expect(demand).toMatchObject({ requestsPerSecond: 1, rowsPerRequest: 1 });
    const [first] = options;
    // 3 ms for the call and 1 ms of eight million multiply-adds at eight thousand million a second.
    expect(first).toMatchObject({ placement: 'lambda', machine: '1769 MB', latencyMs: 4 });
    const request = (0.2 + 3.5) / 1e6 + (0.0000133334 * (1769 / 1024) * 4) / 1e3;
    expect(first?.usd).toBeCloseTo(SECONDS * request, 6);
  });

  it('says from which rate on an endpoint costs less', () => {
    const plan = cardPlan({ blobs: [blob('m.onnx', 1e6)], onnx: onnx(1e9) });
    expect(plan.breakEven).toBeGreaterThan(1);
    expect(plan.options.some(({ placement }) => placement === 'endpoint')).toBe(true);
  });

  it('counts the tensors beside a model, and of a cascade the large model', () => {
    const blobs = [blob('small.json', 5e9), blob('large.onnx', 10), blob('large.data', 2e9), blob('notes.data', 9e9)];
    const large = { file: 'large.onnx', onnx: onnx(8e6, ['large.data']) };
    const { options } = cardPlan({ blobs, cascade: { large } as unknown as NonNullable<Manifest['cascade']> });
    // Three times 2 GB and 350 MB are 6,073 MB: four vCPUs' memory holds that, two vCPUs' does not.
    expect(options[0]?.machine).toBe('7076 MB');
  });

  it('reckons a number of a model in process once', () => {
    const [first] = cardPlan({ blobs: [blob('model.json', 64e6)] }).options;
    expect(first?.latencyMs).toBeCloseTo(3 + 1, 9);
  });
});
