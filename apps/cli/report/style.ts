/** Light and dark by what the reader's system says. Every pair of text and ground has a contrast of at least 4.5 to 1. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f7f7f4; --card: #fff; --ink: #1c2024; --soft: #5a6169; --line: #dcdfda;
  --accent: #1d5fbf; --other: #b3500f; --good: #1b6e3c; --good-card: #edf7f0; --bad: #b3261e; --bad-card: #fdf0ef;
  --heat: 29 95 191; }
@media (prefers-color-scheme: dark) { :root { --page: #131518; --card: #1b1e22; --ink: #e8eaed; --soft: #a3abb5;
  --line: #343940; --accent: #7fb2ff; --other: #f3a46b; --good: #7fd6a0; --good-card: #16251c; --bad: #ff9c94;
  --bad-card: #2b1a19; --heat: 90 150 240; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
.over { color: var(--soft); font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; margin: 0; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: .2rem 0 .4rem; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 3rem 0 .75rem; letter-spacing: -.005em; }
p { max-width: 46rem; margin: .5rem 0; overflow-wrap: anywhere; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
.note { max-width: none; margin: 1rem 0; padding: .75rem 1rem; border-radius: .6rem; background: var(--card);
  border: 1px solid var(--line); border-left: .3rem solid var(--soft); }
.note.good { border-left-color: var(--good); background: var(--good-card); }
.note.bad { border-left-color: var(--bad); background: var(--bad-card); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; }
.tile b { display: block; font-size: 1.75rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums;
  letter-spacing: -.01em; }
.tile span { display: block; color: var(--soft); font-size: .85rem; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin: .75rem 0;
  padding: .25rem 1rem; width: fit-content; max-width: 100%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem 0 .4rem 1.75rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
th:first-child, td:first-child { padding-left: 0; text-align: left; white-space: normal; overflow-wrap: anywhere;
  min-width: 7rem; max-width: 24rem; }
th { font-weight: 600; } thead th { color: var(--soft); font-size: .85rem; font-weight: 500; }
tr.first > * { font-weight: 600; }
td.why { text-align: left; white-space: normal; color: var(--soft); }
table.heat td { min-width: 3rem; padding: .4rem .5rem; text-align: center; border: 0; }
table.heat thead th { padding: .4rem .5rem; text-align: center; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; }
table.heat th:first-child { text-align: left; padding-right: 1rem; } table.heat th { border: 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem; }
.plots h3 { grid-column: 1 / -1; font-size: 1rem; margin: .75rem 0 -.25rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { margin-top: .6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.5rem; margin: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { background: none; } figure, .wide, .tile { break-inside: avoid; } }
`;
