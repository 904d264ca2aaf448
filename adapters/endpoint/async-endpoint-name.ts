/** What of an archive's SHA-256 stands in a name: an endpoint's has at most 63 characters. */
const DIGITS = 32;

/**
 * The asynchronous endpoint of one model: SageMaker has no asynchronous endpoints of many models, so that each archive has one of
 * its own.
 * @param stage the name of the stage's endpoint
 * @param archive its SHA-256 in hex
 */
export const asyncEndpointName = (stage: string, archive: string): string => `${stage}-${archive.slice(0, DIGITS)}`;
