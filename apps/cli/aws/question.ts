import { createInterface } from 'node:readline/promises';
import { Failure, Misuse } from '../failures.ts';
import type { Terminal } from '../terminal.ts';

export interface Question {
  /** What happens after the right answer. */
  readonly about: string;
  /** What a person types to agree. */
  readonly answer: string;
}

/** Goes on only when a person agrees. @throws Misuse where nobody is there to be asked, Failure for another answer */
export async function agree({ stdin, stderr }: Terminal, { about, answer }: Question): Promise<void> {
  if (!stdin.isTTY || !stderr.isTTY) throw new Misuse(`${about}, and nobody is here to be asked; add --yes to agree`);
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const said = await lines.question(`${about}. Type ${answer} to go on: `);
    if (said.trim() !== answer) throw new Failure('nothing was changed');
  } finally {
    lines.close();
  }
}
