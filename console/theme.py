"""How the console looks: colours with the contrast of WCAG AA, sizes for the back of a room."""

from __future__ import annotations

from typing import Final

from pipeline import trace_html, trace_svg

# The colours of the trace page, so that both look alike; `body--dark` is Quasar's.
STYLE: Final = f"""
:root {{ {trace_html.LIGHT} --accent: #0b57c2; --on-accent: #ffffff; --shade: #dfe6ee; }}
body.body--dark {{ {trace_html.DARK} --accent: #8ab8ff; --on-accent: #0b1a30; --shade: #22303f; }}
html {{ font-size: clamp(16px, 0.55vw + 11px, 21px); }}
body {{ background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }}
body.body--dark {{ background: var(--ground); }}
.nicegui-content {{ display: block; padding: 1.25rem clamp(.8rem, 2.5vw, 3rem) 4rem; gap: 0; }}
.nicegui-content > * {{ max-width: 110rem; margin-inline: auto; }}
h1, h2, h3 {{ overflow-wrap: anywhere; line-height: 1.25;
  font-weight: 700; letter-spacing: 0; margin: 0; }}
h1 {{ font-size: 1.75rem; margin-bottom: .4rem; }}
h2 {{ font-size: 1.25rem; margin-bottom: .4rem; }}
h3 {{ font-size: 1.05rem; margin: .9rem 0 .3rem; }} .station-head h2 {{ margin: 0; }}
.asl {{ display: block; margin: .6rem auto; }}
p {{ margin: .4rem 0; }} a {{ color: var(--link); }}
:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; }}
.q-header {{ background: var(--raised); color: var(--text); border-bottom: 1px solid var(--line);
  display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem;
  padding: .5rem clamp(.8rem, 2.5vw, 3rem); box-shadow: none; }}
.brand {{ font-weight: 800; font-size: 1.1rem; white-space: nowrap; }}
nav.pages {{ display: flex; gap: .15rem; overflow-x: auto; flex: 1 1 auto; min-width: 0; }}
nav.pages a {{ color: var(--text); text-decoration: none; padding: .4rem .7rem; border-radius: 8px;
  white-space: nowrap; }}
nav.pages a:hover {{ background: var(--shade); }}
nav.pages a[aria-current] {{ background: var(--accent); color: var(--on-accent);
  font-weight: 700; }}
.health {{ display: flex; align-items: center; gap: .5rem; white-space: nowrap; }}
.lede {{ color: var(--dim); max-width: 65rem; margin: .3rem 0 1.1rem; }}
.should {{ border-left: 4px solid var(--line); padding-left: .7rem; }}
.dim {{ color: var(--dim); }} .bad {{ color: var(--asl-bad); }} .good {{ color: var(--asl-good); }}
.mono {{ font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }}
.row {{ display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; }}
.column-gap {{ display: grid; gap: 1rem; align-content: start; min-width: 0; }}
.two {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
  gap: 1rem; align-items: start; }}
.columns {{ columns: 30rem; column-gap: 1rem; }}
.columns > * {{ break-inside: avoid; margin-bottom: 1rem; }}
.card {{ --asl-ground: var(--raised); background: var(--raised); border: 1px solid var(--line);
  border-radius: 12px; padding: 1rem 1.1rem; min-width: 0; }}
.banner {{ border: 2px solid var(--asl-bad); background: var(--asl-bad-ground); color: var(--text);
  border-radius: 12px; padding: .8rem 1.1rem; margin: .6rem 0 1rem; overflow-wrap: anywhere; }}
.empty {{ border: 2px dashed var(--line); border-radius: 12px;
  padding: 1.4rem; text-align: center; }}
.button {{ font: inherit; font-weight: 650; border-radius: 9px; padding: .45rem .95rem;
  border: 2px solid var(--line); background: var(--ground); color: var(--text); cursor: pointer;
  text-decoration: none; display: inline-block; }}
.button:hover {{ border-color: var(--accent); }}
.button.primary {{ background: var(--accent); border-color: var(--accent);
  color: var(--on-accent); }}
.button.danger {{ border-color: var(--asl-bad); color: var(--asl-bad); }}
.button.small {{ padding: .15rem .6rem; font-size: .9rem; }}
.button[disabled] {{ opacity: 1; color: var(--dim); background: var(--shade);
  border-color: var(--line); cursor: not-allowed; }}
.button[aria-pressed=true] {{ background: var(--accent); border-color: var(--accent);
  color: var(--on-accent); }}
.chip {{ display: inline-block; border-radius: 99px; padding: .05rem .7rem; font-weight: 700;
  font-size: .9rem; border: 2px solid currentcolor; white-space: nowrap; }}
.chip.SUCCEEDED, .chip.up, .chip.done {{ color: var(--asl-good);
  background: var(--asl-good-ground); }}
.chip.FAILED, .chip.TIMED_OUT, .chip.ABORTED, .chip.lost, .chip.failed {{ color: var(--asl-bad);
  background: var(--asl-bad-ground); }}
.chip.CAUGHT {{ color: var(--asl-caught); background: var(--asl-caught-ground); }}
.chip.RUNNING, .chip.working {{ color: var(--asl-busy); background: var(--asl-busy-ground); }}
.chip.waiting {{ color: var(--dim); }}
.stations, .cards {{ display: grid; gap: 1rem; align-items: start; margin: 1rem 0;
  grid-template-columns: minmax(0, 1fr); }}
.cards {{ grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }}
@media (min-width: 700px) {{ .stations {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }} }}
@media (min-width: 1200px) {{ .stations {{ grid-template-columns: repeat(4, minmax(0, 1fr)); }} }}
.station {{ border-top: 6px solid var(--line); }}
.station[data-status=working] {{ border-top-color: var(--asl-busy); }}
.station[data-status=done] {{ border-top-color: var(--asl-good); }}
.station[data-status=failed] {{ border-top-color: var(--asl-bad); }}
.station-head {{ display: flex; justify-content: space-between; align-items: center; gap: .5rem;
  margin-bottom: .5rem; }}
.number {{ color: var(--dim); font-weight: 700; margin-right: .35rem; }}
pre.code {{ margin: .35rem 0; padding: .6rem .75rem; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap;
  overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto; }}
pre.code, .log {{ font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }}
.k {{ color: var(--link); }} .s {{ color: var(--asl-good); }} .n {{ color: var(--asl-caught); }}
.log {{ list-style: none; padding: 0; margin: .35rem 0; }}
.log li {{ display: grid; grid-template-columns: 5.5rem 1fr; gap: .6rem; padding: .1rem 0;
  overflow-wrap: anywhere; white-space: pre-wrap; border-bottom: 1px solid var(--line); }}
.log .ms {{ color: var(--dim); text-align: right; }}
dl.facts {{ display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .9rem;
  margin: .35rem 0; }}
dl.facts dt {{ color: var(--dim); }} dl.facts dd {{ margin: 0; overflow-wrap: anywhere; }}
.table-scroll {{ overflow-x: auto; }}
table.rows {{ border-collapse: collapse; width: 100%; }}
table.rows th {{ text-align: left; color: var(--dim); font-weight: 650; white-space: nowrap; }}
table.rows td, table.rows th {{ padding: .42rem .7rem; border-bottom: 1px solid var(--line);
  vertical-align: top; }}
table.rows td:has(+ td):not(.wraps) {{ white-space: nowrap; }}
table.rows tbody tr:hover {{ background: var(--shade); }}
details > summary {{ cursor: pointer; padding: .25rem 0; font-weight: 650; list-style: none; }}
details > summary::before {{ content: "▸"; display: inline-block; width: 1.2em;
  color: var(--link); }}
details[open] > summary::before {{ content: "▾"; }}
details > summary:hover {{ color: var(--link); }}
.command {{ display: flex; gap: .6rem; align-items: center; margin: .35rem 0; }}
.command code {{ flex: 1; min-width: 0; overflow-wrap: anywhere; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; padding: .4rem .7rem;
  font: .875rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }}
.pictures {{ display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }}
figure {{ margin: 0; }} figcaption {{ margin-top: .4rem; }}
.picture {{ max-width: 100%; max-height: 26rem; border-radius: 8px; border: 1px solid var(--line);
  background: repeating-conic-gradient(#d6dbe2 0 25%, #eef1f5 0 50%) 0 0 / 20px 20px; }}
.choices {{ display: flex; flex-wrap: wrap; gap: .6rem; border: 0; padding: 0; margin: 0; }}
.choice {{ display: grid; justify-items: center; gap: .25rem; padding: .45rem; cursor: pointer;
  border: 3px solid var(--line); border-radius: 12px; background: var(--ground);
  color: var(--text); font: inherit; font-size: .9rem; }}
.choice img {{ width: 7.5rem; height: 5rem; object-fit: cover; border-radius: 6px; }}
.choice[aria-pressed=true] {{ border-color: var(--accent); font-weight: 700; }}
.field {{ display: grid; gap: .2rem; }} .field label {{ font-weight: 650; }}
.field input, .field select {{ font: inherit; color: var(--text); background: var(--ground);
  border: 2px solid var(--asl-line); border-radius: 8px; padding: .4rem .6rem; min-width: 0; }}
.gantt {{ list-style: none; padding: 0; margin: .5rem 0; display: grid; gap: .3rem; }}
.gantt li {{ display: grid; grid-template-columns: minmax(8rem, 15rem) minmax(0, 1fr) 5.5rem;
  gap: .8rem; align-items: center; }}
.gantt .deep {{ padding-left: 1.3rem; color: var(--dim); }}
.gantt .track {{ background: var(--shade); border-radius: 6px; height: 1.5rem;
  position: relative; overflow: hidden; }}
.gantt .bar {{ position: absolute; top: 0; bottom: 0; min-width: 4px; border-radius: 6px;
  background: var(--asl-line); }}
.gantt .SUCCEEDED {{ background: var(--asl-good); }} .gantt .CAUGHT {{
  background: var(--asl-caught); }}
.gantt .FAILED, .gantt .TIMED_OUT, .gantt .ABORTED {{ background: var(--asl-bad); }}
.gantt .RUNNING {{ background: var(--asl-busy); }}
.gantt .ms {{ text-align: right; font-variant-numeric: tabular-nums; }}
.objects {{ display: grid; gap: .8rem; list-style: none; padding: 0; margin: .6rem 0;
  grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }}
.object {{ background: var(--ground); border: 1px solid var(--line); border-radius: 10px;
  padding: .7rem; display: grid; gap: .4rem; align-content: start; min-width: 0; }}
.object .picture, .object .no-picture {{ width: 100%; height: 9rem; object-fit: contain; }}
[hidden] {{ display: none !important; }}
td.wraps {{ overflow-wrap: anywhere; min-width: 9rem; }}
.row.ends {{ align-items: end; }}
.no-picture {{ display: grid; place-items: center; text-align: center;
  border: 1px dashed var(--line); border-radius: 8px; color: var(--dim); }}
.object .name {{ font-weight: 650; overflow-wrap: anywhere; }}
.field input.drop {{ border: 2px dashed var(--asl-line); border-radius: 12px; padding: 1.1rem;
  width: 100%; cursor: pointer; }}
.drop::file-selector-button {{ font: inherit; font-weight: 650; color: var(--text);
  background: var(--shade); border: 0; border-radius: 8px; padding: .4rem .9rem;
  margin-right: 1rem; cursor: pointer; }}
.q-dialog .card {{ max-width: 34rem; background: var(--ground); color: var(--text); }}
.visually-hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }}
.station .log li {{ grid-template-columns: 1fr; gap: 0; }}
.station .log .ms {{ text-align: left; }}
.result {{ margin-top: 1.5rem; }}
@media (max-width: 600px) {{
  .gantt li {{ grid-template-columns: 1fr 5rem; }} .gantt .track {{ grid-area: 2 / 1 / 3 / -1; }}
  .gantt .ms {{ grid-area: 1 / 2; }}
  .log li {{ grid-template-columns: 1fr; gap: 0; }} .log .ms {{ text-align: left; }}
  .wide-only {{ display: none; }} h1 {{ font-size: 1.45rem; }}
  dl.facts {{ grid-template-columns: minmax(0, 1fr); }}
  .command {{ flex-wrap: wrap; }} .command code {{ flex-basis: 100%; }}
}}
@media (prefers-reduced-motion: reduce) {{ *, ::before, ::after {{ animation: none !important;
  transition: none !important; }} }}
{trace_svg.STYLE}
"""
