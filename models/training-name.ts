/** What SageMaker calls the trainings of a stage: all names begin so. */
export const trainingPrefix = (stage: string): string => `modeldrop-${stage}-`;

/** @param attempt tells trainings of the same job apart: no name is ever used twice */
export const trainingName = (prefix: string, id: string, attempt: string): string => `${prefix}${id}-${attempt}`;

/** The job that a training is of. */
export const jobOfTraining = (prefix: string, name: string): string | undefined =>
  name.startsWith(prefix) ? /^([0-9a-f]{16})-[0-9a-f]{8}$/.exec(name.slice(prefix.length))?.[1] : undefined;
