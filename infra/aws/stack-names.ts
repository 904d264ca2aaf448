/** The stacks of a stage, each one after those that it builds on. */
export const STACKS = ['Storage', 'Gpu', 'AsyncGpu', 'Serving', 'Pipeline', 'Operations'] as const;

export type StackRole = (typeof STACKS)[number];

interface Asking {
  readonly gpu?: unknown;
  readonly asyncGpu?: unknown;
}

/** Those that are there where a stage asks for them. */
const ASKED_FOR: Partial<Record<StackRole, keyof Asking>> = { Gpu: 'gpu', AsyncGpu: 'asyncGpu' };

/** Those that a stage has. */
export const stacksOf = (stage: Asking): StackRole[] =>
  STACKS.filter((role) => {
    const asking = ASKED_FOR[role];
    return asking === undefined || stage[asking] !== undefined;
  });

/** What CloudFormation calls it. Two stages live beside each other in one account. */
export const stackName = (stage: string, role: StackRole): string => `Modeldrop-${stage}-${role}`;
