/** The style sheet of a report's page. A report is one file, so it has the laboratory's colours as a copy. */

/** Every colour is a pair: light, dark. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f6f3, #16181b);
  --panel: light-dark(#ffffff, #1f2226);
  --ink: light-dark(#1c1d1f, #e7e8ea);
  --faint: light-dark(#5a5e66, #a2a8b1);
  --line: light-dark(#d5d7da, #363b42);
  --accent: light-dark(#0b5cad, #7db8f5);
  --grid: light-dark(#e4e5e7, #30353b);
  --band: light-dark(#ebe6d8, #38352b);
  --colour-0: light-dark(#1d4273, #6aa9ec);
  --colour-1: light-dark(#d1495b, #ff8fa0);
  --colour-2: light-dark(#1d8a64, #3fc795);
  --colour-3: light-dark(#c4640a, #ffc83d);
  --colour-4: light-dark(#7a3e9d, #c79bf0);
  --colour-5: light-dark(#6a6f7a, #9aa1ad);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; text-size-adjust: none; -webkit-text-size-adjust: none; }
body {
  margin: 0 auto;
  max-width: 60rem;
  padding: 2.5rem 1.25rem 4rem;
  background: var(--ground);
  color: var(--ink);
  font: 16px / 1.55 system-ui, sans-serif;
}
h1, h2, p, li, a, figcaption { overflow-wrap: anywhere; }
th, td { overflow-wrap: break-word; }
h1 { margin: 0 0 1.25rem; font-size: 1.85rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h2 { grid-column: 1 / -1; margin: 0; font-size: 1.3rem; line-height: 1.3; text-wrap: balance; }
p { margin: 0; max-width: 68ch; white-space: pre-line; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav { margin-top: 2rem; font-size: .95rem; }
nav ol { margin: 0; padding: 0; columns: 18rem; column-gap: 2rem; list-style: none; }
nav li { padding: .2rem 0; break-inside: avoid; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr));
  gap: 1rem 1.25rem;
  margin-top: 2rem;
  padding-top: 1.5rem;
  border-top: 1px solid var(--line);
}
section > * { grid-column: 1 / -1; min-width: 0; }
summary { cursor: pointer; }
summary h2 { display: inline; }
details > :not(summary) { margin-top: 1rem; }
pre {
  margin: 0;
  padding: .75rem 1rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--panel);
  font: .85rem / 1.5 ui-monospace, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
figure { margin: 0; padding: .9rem 1rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
figure.small { grid-column: auto; }
figcaption { margin-bottom: .6rem; font-size: .95rem; font-weight: 600; line-height: 1.4; }
.warning { padding: .75rem 1rem; border-left: 4px solid var(--colour-1); background: var(--panel); font-weight: 600; }
ul { margin: 0; padding-left: 1.25rem; max-width: 68ch; }
li + li { margin-top: .35rem; }
#section-1 { margin-top: 0; padding-top: 0; border-top: 0; }
#section-1 h2, #section-2 h2 { font-size: .95rem; color: var(--faint); text-transform: uppercase; letter-spacing: .05em; }
#section-2 > p { font-size: 1.1rem; }
#section-2 > p:last-child { font-size: 1rem; color: var(--faint); }
.note { margin-top: .75rem; font-size: .85rem; color: var(--faint); }
.none { color: var(--faint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem 1.25rem .3rem 0; text-align: left; vertical-align: baseline; white-space: pre-line; }
th:last-child, td:last-child { padding-right: 0; }
td { min-width: 4rem; max-width: 32rem; }
thead th { border-bottom: 1px solid var(--faint); color: var(--faint); font-weight: 600; vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
.right { text-align: right; }
td.right { white-space: nowrap; }
.muted { color: var(--faint); font-style: italic; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.wide .chart { min-width: 43rem; }
.bars .chart { max-width: 32rem; }
.chart text { fill: var(--ink); font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.chart .label { fill: var(--faint); }
.chart .grid { fill: none; stroke: var(--grid); }
.chart .line { fill: none; stroke: var(--c); stroke-width: 1.5; stroke-linejoin: round; }
.small .chart .line { stroke-width: 1.25; stroke-linejoin: miter; }
.chart .bar { fill: none; stroke: var(--c); stroke-width: 1.25; }
.chart .mark { fill: var(--c); stroke: var(--c); }
.chart .spread { fill: var(--c); opacity: .22; }
.chart .fit { fill: none; stroke: var(--c); stroke-width: 4; opacity: .25; }
.chart .leader { fill: none; stroke: var(--faint); stroke-width: .75; }
.chart .one { fill: none; stroke: var(--ink); stroke-width: 1.25; }
.chart .band { fill: var(--band); }
.chart rect[class^=c], .chart .fill { stroke: var(--c); }
.chart .fill { fill: var(--c); }
.chart .muted { --c: var(--faint); }
.chart .muted text { fill: var(--faint); }
.chart .muted .mark { fill: var(--panel); }
.c0 { --c: var(--colour-0); }
.c1 { --c: var(--colour-1); }
.c2 { --c: var(--colour-2); }
.c3 { --c: var(--colour-3); }
.c4 { --c: var(--colour-4); }
.c5 { --c: var(--colour-5); }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  figure { padding: .75rem; }
}
@media print {
  :root { color-scheme: light; --ground: #ffffff; }
  @page { margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  details::details-content { display: block; block-size: auto; content-visibility: visible; }
  h2 { break-after: avoid; }
  figure, tr, pre { break-inside: avoid; }
  figure.table { break-inside: auto; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding-right: .6rem; overflow-wrap: anywhere; }
  td { min-width: 0; }
  .wide .chart { min-width: 0; }
}
`;
