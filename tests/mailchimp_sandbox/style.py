"""The page's stylesheet: light and dark by the browser's preference, readable on a telephone."""

STYLE = """\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --quiet: #4a525c; --line: #8a939e;
  --band: #f1f3f6; --action: #0b5394; --on-action: #ffffff; --good: #e3f3e6; --bad: #fbe4e2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceff3; --paper: #14171b; --quiet: #b4bcc6; --line: #6f7883; --band: #20252b;
    --action: #9cc9f5; --on-action: #10151b; --good: #173622; --bad: #4a1f1c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
p { max-width: 45rem; }
a { color: var(--action); }
form { margin: .5rem 0; }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: .25rem; padding: .3rem .7rem; min-height: 2.25rem; max-width: 100%; }
button { border-color: var(--action); color: var(--action); cursor: pointer; }
.buttons button { background: var(--action); color: var(--on-action); }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px; }
.notice { background: var(--good); border-left: .3rem solid var(--line); padding: .5rem 1rem; }
.bad { background: var(--bad); }
.scroll, pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .25rem; }
pre { padding: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle;
  font-variant-numeric: tabular-nums; }
thead th { background: var(--band); white-space: nowrap; }
tbody th { font-weight: 600; min-width: 9rem; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
td:first-child, time { white-space: nowrap; }
.buttons { display: flex; flex-wrap: wrap; gap: .4rem; min-width: 8rem; }
@media (min-width: 70rem) { .buttons { flex-wrap: nowrap; } }
.buttons form { margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
"""
