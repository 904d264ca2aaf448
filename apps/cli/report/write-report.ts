import { extname } from 'node:path';
import type { Report } from '../../../models/learning/report/report.ts';
import { Misuse } from '../failures.ts';
import { writeWhole } from '../write-whole.ts';

/** @throws Misuse for a name that ends otherwise than in .html or .json */
export function checkReportPath(path: string): string {
  if (['.html', '.json'].includes(extname(path))) return path;
  throw new Misuse(`--report must end in .html or .json, got ${JSON.stringify(path)}`);
}

/** Writes a page, or the figures as JSON. All of it or nothing. @throws Failure */
export async function writeReport(path: string, report: Report): Promise<void> {
  const text = extname(path) === '.json' ? `${JSON.stringify(report)}\n` : await page(report);
  await writeWhole(path, new TextEncoder().encode(text));
}

/** The plots' library takes longer to load than all else. */
async function page(report: Report): Promise<string> {
  const { reportPage } = await import('./page.ts');
  return reportPage(report);
}
