"""What a student gets back: a page with the report and its hint for each exercise."""

from typing import Any

import jinja2

__all__ = ["page"]

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ name }} · {{ student }}</title>
<style>
:root { color-scheme: light dark; --jp-content-font-color1: CanvasText }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto;
       padding: 0 1rem; overflow-wrap: anywhere }
table { border-collapse: collapse } td, th { padding: 2px 12px 2px 0; text-align: left }
section { margin: 2rem 0; break-inside: avoid }
pre { white-space: pre-wrap; padding: 8px 12px; border: 1px solid GrayText;
      font-size: 14px }
.nudge { margin: 4px 0 4px 16px } .points { float: right }
section table { font-size: 13px }
</style>
<h1>{{ name }}: {{ total }} of {{ most }} points</h1>
<p>{{ student }}{% if note %} · {{ note }}{% endif %}</p>
{% if not_graded %}<p><b>Not graded.</b> {{ not_graded }}.</p>{% endif %}
{% for id, item in exercises.items() %}
<section>
<b class="points">{{ item.points | points }} of {{ item.max | points }}</b>
{% if item.not_graded %}
<b>{{ id }}</b><p><b>Not graded.</b> {{ item.not_graded }}.</p>
{% else %}
{{ item.html | safe }}
{% if item.nudge %}<p class="nudge"><b>First hint.</b> {{ item.nudge }}</p>{% endif %}
<details><summary>Your answer</summary><pre>{{ item.source }}</pre></details>
{% endif %}
</section>
{% endfor %}
</html>
"""


def page(name: str, result: dict[str, Any]) -> str:
    """Return the page of a graded submission; what a student wrote cannot run in it."""
    kinds = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    kinds.filters["points"] = lambda n: "–" if n is None else f"{n:g}"
    items = {id: {"not_graded": "", **i} for id, i in result["exercises"].items()}
    known = {"note": "", **result, "exercises": items}
    total = f"{sum(item['points'] or 0 for item in items.values()):g}"
    most = f"{sum(item['max'] for item in items.values()):g}"
    return kinds.from_string(PAGE).render(name=name, total=total, most=most, **known)
