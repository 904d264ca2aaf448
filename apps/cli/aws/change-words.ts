import type { StackChange } from './changes.ts';

/** What a deployment does, in plain words, a stack a paragraph. What is made anew is counted, what is touched is named. */
export function changeWords(changes: readonly StackChange[]): string[] {
  return changes.flatMap(({ stack, isNew, added, changed, replaced, removed, granted, differs }) => {
    if (isNew) return [`${stack}: new, ${count(added, 'resource')}, ${count(granted, 'permission')}`];
    if (!differs) return [`${stack}: stays as it is`];
    return [
      `${stack}: ${added.length} added, ${changed.length} changed, ${replaced.length} replaced, ${removed.length} removed`,
      ...[...added].map((each) => `  + ${each}`),
      ...changed.map((each) => `  ~ ${each}`),
      ...replaced.map((each) => `  ! ${each} is replaced, and loses what is in it`),
      ...removed.map((each) => `  - ${each}`),
      ...granted.map((each) => `  permissions widen: ${each}`),
    ];
  });
}

export const anyChange = (changes: readonly StackChange[]): boolean =>
  changes.some(({ isNew, differs }) => isNew || differs);

const count = (all: readonly string[], what: string): string => `${all.length} ${what}${all.length === 1 ? '' : 's'}`;
