/**
 * The page's look: light and dark as the reader's system has it, and paper. Nothing is loaded from elsewhere.
 */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --page: #ffffff; --band: #f6f8fa; --link: #0969da;
  --p0: #cf222e; --p1: #bc4c00; --p2: #9a6700; --p3: #57606a; --good: #1a7f37; --bad: #cf222e; --open: #6e7781; --one: #0969da; --two: #8250df; --three: #bf3989; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --muted: #9198a1; --line: #3d444d; --page: #0d1117; --band: #151b23; --link: #4493f8;
  --p0: #f85149; --p1: #f0883e; --p2: #d29922; --p3: #8b949e; --good: #3fb950; --bad: #f85149; --open: #8b949e; --one: #4493f8; --two: #ab7df8; --three: #db61a2; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, ul { margin: .25rem 0; }
ul { padding-left: 1.25rem; }
a { color: var(--link); }
.note, footer { color: var(--muted); font-size: .875rem; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; }
.charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; margin-top: 1rem; }
@media (min-width: 56rem), print { .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
figure { margin: 0; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
figcaption { font-weight: 600; }
figure svg { width: 100%; height: auto; margin-top: .5rem; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .8125rem; margin: .25rem 0 0; padding: 0; list-style: none; }
.key i { display: inline-block; width: .75rem; height: .75rem; margin-right: .35rem; border-radius: 2px; vertical-align: -1px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .8125rem; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
td { min-width: 3.5rem; }
td.wide { min-width: 14rem; overflow-wrap: anywhere; }
th { background: var(--band); white-space: nowrap; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
bdi { white-space: pre-wrap; }
@media print { :root { color-scheme: light; --text: #000; --muted: #444; --line: #bbb; --page: #fff; --band: #f2f2f2; --link: #000;
    --p0: #cf222e; --p1: #bc4c00; --p2: #9a6700; --p3: #57606a; --good: #1a7f37; --bad: #cf222e; --open: #6e7781; --one: #0969da; --two: #8250df; --three: #bf3989; }
  @page { size: A4 landscape; margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; } table { font-size: 7.5pt; } td, td.wide { min-width: 0; overflow-wrap: anywhere; } th { white-space: normal; } h2 { break-after: avoid; } a { text-decoration: none; } }
`;
