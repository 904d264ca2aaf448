import type { Command } from 'commander';

const FOOTER = `
Exit codes:
  0 done, 1 failed, 2 the command line is wrong

Environment:
  MODELDROP_URL   the platform, such as http://127.0.0.1:8080
  MODELDROP_KEY   a key of it
  MODELDROP_HOME  folder of the local platform (.modeldrop); while that runs here,
                  neither of the other two is needed
`;

/** Appends to a command's help what it looks like in use, and what holds for every command. */
export const teach = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}\n${FOOTER}`);
