/**
 * Every fit side by side with its peers, in one run. README.md says what it needs.
 * Run: npm run bench:learning [path of a python3 with scikit-learn]
 */
// One after the other: they would take each other's time.
await import('./svm.ts');
await import('./linear.ts');
