import type { Construct } from 'constructs';
import { AwsImage } from './aws-image.ts';

/** What instances of the newest images boot from: its driver fits their CUDA. */
export const MACHINE_IMAGE = 'al2023-ami-sagemaker-inference-gpu-4-1';

export interface TritonProps {
  /** As `24.09`. */
  readonly release: string;
  /** The place in the stage that asks for it. */
  readonly asked: string;
}

/** Triton as AWS packs it for SageMaker. */
export class Triton extends AwsImage {
  constructor(scope: Construct, id: string, { release, asked }: TritonProps) {
    super(scope, id, { repository: 'sagemaker-tritonserver', tag: `${release}-py3`, asked, whose: "Triton's" });
  }
}
