/** What a command could not do. The message says what, where and what to do. Exit code 1. */
export class Failure extends Error {}

/** A command line that is not understood. Exit code 2. */
export class Misuse extends Error {}

/** Ctrl-C, after everything is tidied up. Exit code 130, as a shell expects. */
export class Interrupted extends Error {}
