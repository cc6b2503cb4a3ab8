#!/usr/bin/env node
// table.mjs LINES   writes what webquality.mjs printed as the Markdown of docs/quality.md.
import fs from 'node:fs';

const lines = fs.readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const pages = lines.filter((line) => line.page);
const { crawl } = lines.find((line) => line.crawl) ?? {};
const scores = (lh) => (lh ? [lh.perf, lh.a11y, lh.bp, lh.seo].join(' ') : 'not run');
const row = (cells) => `| ${cells.join(' | ')} |`;

const head = ['Page', 'Lighthouse phone', 'desktop', 'LCP ms', 'CLS', 'TBT ms', 'KB', 'HTML KB', 'Requests', 'axe AA, best practice, AAA', 'HTML', 'CSS', 'Over budget'];
const rows = pages.map((page) => [
  `\`${page.page}\``, scores(page.lh), scores(page.lhDesktop), page.lh?.lcp, page.lh?.cls, page.lh?.tbt,
  page.kb.total, page.kb.html, page.req.total, `${page.axe.wcag.n}, ${page.axe.bp.n}, ${page.axe.aaa.n}`,
  (page.vnu?.errors ?? 0) + page.hv.errors, page.css.issues, [...page.over, ...(page.failed ?? [])].join('; ') || 'nothing',
]);

console.log(`# Quality of the pages

Measured with \`tests/webquality\` on ${new Date().toISOString().slice(0, 10)}, with the site as \`script/serve\` starts it. Lighthouse's scores are performance,
accessibility, best practice and search engines; its times are for a slow phone (simulated). Weights are compressed, with an
empty cache. axe looked at each page at 360 and 1280 px, in light and dark. HTML and CSS are errors of their checkers.

${[row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')}

Every page was also read without JavaScript, walked through by keyboard, narrowed to 320 px with and without wider spacing,
and asked for cookies, outside requests and errors in the console: the last column names whatever was not as it should be.
${crawl ? `\nFollowing the links from these pages, ${crawl.pages} pages were read; broken links: ${Object.keys(crawl.broken ?? {}).length || 'none'}.\n` : ''}
The pages in pictures, at 360, 768, 1280 and 1920 px: [in the light](contact-sheet-light.webp) and
[in the dark](contact-sheet-dark.webp).`);
