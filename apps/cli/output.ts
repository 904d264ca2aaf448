import type { Writable } from 'node:stream';

/** C0 and C1 controls, which a terminal would obey. */
const CONTROLS = /\p{Cc}+/gu;

/** A text on one line, without what a terminal would obey. */
export const oneLine = (text: string): string => text.replace(CONTROLS, ' ').trim();

export const printLine = (out: Writable, line: string): void => void out.write(`${line}\n`);

/** The one JSON document of `--json`. */
export const printJson = (out: Writable, value: unknown): void => printLine(out, JSON.stringify(value));

/** Rows under headings, columns aligned, two spaces between them. What is undefined is left blank. */
export function printTable(out: Writable, headings: readonly string[], rows: readonly (readonly unknown[])[]): void {
  const cells = [headings, ...rows].map((row) => row.map((cell) => oneLine(String(cell ?? ''))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells) {
    printLine(
      out,
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    );
  }
}
