import { createInterface } from 'node:readline/promises';
import { Failure, Interrupted, Misuse } from '../failures.ts';
import type { Terminal } from '../terminal.ts';

export interface Question {
  /** What happens after the right answer. */
  readonly about: string;
  /** What a person types to agree. */
  readonly answer: string;
}

/** Whoever agrees beforehand need not be there. @throws Misuse where nobody can be asked */
export function mustBeThere({ stdin, stderr }: Terminal, yes = false): void {
  if (yes || (stdin.isTTY && stderr.isTTY)) return;
  throw new Misuse('nobody is here to be asked; add --yes to agree beforehand');
}

/** Goes on only when a person agrees. @throws Failure for another answer, Interrupted */
export async function agree({ stdin, stderr }: Terminal, { about, answer }: Question): Promise<void> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const said = await lines.question(`${about}. Type ${answer} to go on: `).catch(interrupted);
    if (said.trim() !== answer) throw new Failure('nothing was changed');
  } finally {
    lines.close();
  }
}

function interrupted(): never {
  throw new Interrupted('interrupted; nothing was changed');
}
