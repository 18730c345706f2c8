/** The page around the charts; colours come from the charts' custom properties. */
export const htmlStyle = `body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,sans-serif}
main{max-width:800px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .6rem}
h2{font-size:1.15rem;margin:2rem 0 .4rem}
.lead,figcaption span{color:var(--quiet)}
figure{margin:2.2rem 0 0}
figcaption h2{display:inline;margin:0}
figcaption{margin-bottom:.6rem}
.anneal-figure{display:block;width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .7rem .4rem 0;text-align:left;border-bottom:1px solid var(--rule);white-space:nowrap}
th{color:var(--quiet);font-weight:500}
th.number,td.number{text-align:right;padding:.4rem 0 .4rem .7rem}
.number+:not(.number){padding-left:.9rem}
code{font-size:.9em}
pre{overflow-x:auto;padding:.8rem 1rem;border:1px solid var(--rule);border-radius:6px;font-size:.85rem;line-height:1.45}
@media (max-width:600px){main{padding:20px 14px 48px}.wide{display:none}.narrow{display:block}h1{font-size:1.35rem}table{font-size:.78rem}th{white-space:normal;vertical-align:bottom}td{white-space:normal}td.number{white-space:nowrap}th,td{padding-right:.3rem}th.number,td.number{padding-left:.3rem}}`;
