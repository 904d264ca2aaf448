/** The stacks of a stage: each one after those that it builds on. */
export const STACKS = ['Storage', 'Serving', 'Pipeline', 'Operations'] as const;

export type StackRole = (typeof STACKS)[number];

/** What CloudFormation calls it. Two stages live beside each other in one account. */
export const stackName = (stage: string, role: StackRole): string => `Modeldrop-${stage}-${role}`;
