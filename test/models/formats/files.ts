import { expect } from 'vitest';
import { ModelFileRefused } from '../../../models/errors.ts';
import type { ModelFile } from '../../../models/formats/format.ts';

const utf8 = new TextEncoder();

export const textFile = (name: string, text: string): ModelFile => ({ name, bytes: utf8.encode(text) });

/** What the refusal of a file says. Anything but a refusal fails the test. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ModelFileRefused)) throw error;
    return error.message;
  }
  return expect.fail('the file was taken');
}
