/** How metrics are written for people. */
const NAMES: Readonly<Record<string, string>> = {
  r2: 'R²',
  rmse: 'RMSE',
  mae: 'mean absolute error',
  mape: 'MAPE',
  wape: 'WAPE',
  balanced_accuracy: 'balanced accuracy',
  f1: 'F1',
  logloss: 'log loss',
  auc: 'AUC',
  brier: 'Brier score',
  average_precision: 'average precision',
};

export const metricName = (name: string): string => NAMES[name] ?? name;

/** Four digits, and no exponent where none is needed. */
export function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

export const figureOrNone = (value: number | null): string => (value === null ? '–' : figure(value));

export const between = ([low, high]: readonly [number, number]): string => `${figure(low)} to ${figure(high)}`;

export const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;
