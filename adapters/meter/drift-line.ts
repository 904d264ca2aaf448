/** A model's drift as one line of CloudWatch's embedded metric format: one metric a model. */
export function driftLine(model: string, drift: number, timestamp: number): string {
  const metrics = [{ Name: 'drift', Unit: 'None' }];
  const _aws = {
    Timestamp: timestamp,
    CloudWatchMetrics: [{ Namespace: 'Modeldrop', Dimensions: [['model']], Metrics: metrics }],
  };
  return `${JSON.stringify({ _aws, model, drift })}\n`;
}
