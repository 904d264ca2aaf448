import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('../docs/reliability.md', root), 'utf8');
const proofs = [...page.matchAll(/`([^`]+\.ts) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

describe('the page on what goes wrong', () => {
  it('has a proof in every line', () => {
    const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| fault'));
    expect(proofs).toHaveLength(lines.length);
  });

  it.each(proofs)('$file has "$title"', ({ file, title }) => {
    const source = readFileSync(new URL(file, root), 'utf8');
    // A title with a number in it stands between backticks.
    expect([`'${title}'`, `\`${title}\``].some((quoted) => source.includes(quoted))).toBe(true);
  });
});
