/** What SageMaker calls the GPU endpoint of a stage. */
export const endpointName = (stage: string): string => `modeldrop-${stage}`;

/** Its one variant: canaries are our router's. */
export const VARIANT = 'all';
