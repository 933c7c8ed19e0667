/** The style sheet of the mailbox's pages. */
export const style = `
:root { color-scheme: light dark; --ink: #1b2127; --muted: #59636e; --line: #dde2e7; --page: #f4f6f8; --card: #fff; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f1f3f5; --muted: #aab3bc; --line: #363d44; --page: #14171a; --card: #20252a; --link: #8ec3ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 820px; margin: 0 auto; padding: 24px 16px 64px; }
header { display: flex; justify-content: space-between; align-items: center; gap: 16px; }
h1 { font-size: 24px; line-height: 1.25; margin: 12px 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 24px 0 8px; }
a { color: var(--link); }
.muted, time { color: var(--muted); font-size: 14px; }
ol { list-style: none; margin: 16px 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
ol li + li { border-top: 1px solid var(--line); }
.mail { display: grid; grid-template-columns: 1fr auto; gap: 2px 16px; padding: 12px 16px; color: inherit; text-decoration: none; }
.mail:hover, .mail:focus-visible { background: color-mix(in srgb, var(--link) 8%, transparent); }
.to { font-weight: 600; min-width: 0; overflow-wrap: break-word; }
.subject { grid-column: 1 / -1; color: var(--muted); overflow-wrap: anywhere; }
@media (max-width: 560px) { .mail { grid-template-columns: minmax(0, 1fr); } .mail time { order: 1; } }
.empty { padding: 48px 16px; text-align: center; background: var(--card); border: 1px dashed var(--line); border-radius: 12px; color: var(--muted); }
button { font: inherit; padding: 8px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--ink); cursor: pointer; }
button:disabled { opacity: .5; cursor: default; }
iframe { width: 100%; height: 75vh; border: 1px solid var(--line); border-radius: 12px; background: #fff; }
details { margin: 16px 0; padding: 12px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
summary { cursor: pointer; font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
table { width: 100%; border-collapse: collapse; font-size: 14px; margin-top: 8px; }
th { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; white-space: nowrap; font-weight: 600; }
td { padding: 4px 0; overflow-wrap: anywhere; }
`;
