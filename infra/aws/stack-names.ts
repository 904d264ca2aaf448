/** The stacks of a stage, each one after those that it builds on. `Gpu` is there where a stage asks for it. */
export const STACKS = ['Storage', 'Gpu', 'Serving', 'Pipeline', 'Operations'] as const;

export type StackRole = (typeof STACKS)[number];

/** Those that a stage has. */
export const stacksOf = ({ gpu }: { readonly gpu?: unknown }): StackRole[] =>
  STACKS.filter((role) => role !== 'Gpu' || gpu !== undefined);

/** What CloudFormation calls it. Two stages live beside each other in one account. */
export const stackName = (stage: string, role: StackRole): string => `Modeldrop-${stage}-${role}`;
