/** Light and dark by what the reader's system says. Every pair of colours has a contrast of at least 4.5 to 1. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fdfdfb; --card: #fff; --ink: #1c2024; --soft: #5a6169; --line: #dfe1dd;
  --accent: #1d5fbf; --other: #b3500f; --good: #1b6e3c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #15171a; --card: #1c1f23; --ink: #e8eaed; --soft: #a3abb5;
  --line: #353a41; --accent: #7fb2ff; --other: #f3a46b; --good: #7fd6a0; --bad: #ff9c94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
.verdict { font-size: 1.1rem; border-left: .25rem solid var(--soft); padding-left: .75rem; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); }
.warning { border-left: .25rem solid var(--bad); padding-left: .75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 20rem; }
th, td { padding: .3rem .75rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 8rem; }
th { font-weight: 600; }
td.why { text-align: left; white-space: normal; color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { background: none; } figure { break-inside: avoid; } }
`;
