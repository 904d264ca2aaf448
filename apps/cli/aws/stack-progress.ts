import { printLine } from '../output.ts';
import { progressOn } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Watch } from './cdk.ts';

/** As CDK prints what happens: stack | 3/10 | time | CREATE_COMPLETE | type | place (id). */
const EVENT = /^(\S+)\s*\|\s*(\d+(?:\/\d+)?)\s*\|[^|]*\|\s*(\w+)\s*\|\s*(\S+)\s*\|\s*(\S*)/;

/** Turns CDK's lines into one line a finished stack and, while a person watches, what goes on right now. */
export function stackProgress(terminal: Terminal): { readonly watch: Watch; end(): void } {
  const progress = progressOn(terminal);
  return {
    watch(line) {
      const [, stack = '', done = '', status = '', type, place] = EVENT.exec(line) ?? [];
      if (stack === '') return;
      if (type !== 'AWS::CloudFormation::Stack' || !/_COMPLETE$/.test(status)) {
        return progress.say(`${stack} ${done}: ${place} ${inWords(status)}`);
      }
      progress.end();
      printLine(terminal.stderr, `${stack}: ${inWords(status)}`);
    },
    end: progress.end,
  };
}

/** `CREATE_IN_PROGRESS` as `create in progress`. */
const inWords = (status: string): string => status.toLowerCase().replaceAll('_', ' ');
