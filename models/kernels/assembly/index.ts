export { addColumn, column } from './columns.ts';
export { addCrossProducts, pack } from './cross-products.ts';
export { exponentials } from './exponential.ts';
export { floatColumn } from './float-columns.ts';
export { distances, powers, products } from './rows.ts';
export { dot, weightedSums } from './sums.ts';
export { transpose } from './transpose.ts';
export { descend, partner } from './working-set.ts';
