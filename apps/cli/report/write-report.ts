import { rename, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Report } from '../../../models/learning/report/report.ts';
import { Failure, Misuse } from '../failures.ts';

/** @throws Misuse for a name that ends otherwise than in .html or .json */
export function checkReportPath(path: string): string {
  if (['.html', '.json'].includes(extname(path))) return path;
  throw new Misuse(`--report must end in .html or .json, got ${JSON.stringify(path)}`);
}

/** Writes a page, or the figures as JSON. All of it or nothing. @throws Failure */
export async function writeReport(path: string, report: Report): Promise<void> {
  const text = extname(path) === '.json' ? `${JSON.stringify(report)}\n` : await page(report);
  const unfinished = join(dirname(path), `.${basename(path)}.part`);
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    throw new Failure(`${path} can't be written: ${(error as Error).message}`, { cause: error });
  }
}

/** The plots' library takes longer to load than all else. */
async function page(report: Report): Promise<string> {
  const { reportPage } = await import('./page.ts');
  return reportPage(report);
}
