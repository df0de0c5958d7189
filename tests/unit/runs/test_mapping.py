from __future__ import annotations

import json

import pytest

from runs import mapping

BODY = '{"key": "bob\'s ♣.png", "sizes": [64, 128], "more": {"copy": true, "of": null}, "n": 0}'


def text(template: str, body: str = BODY) -> str | None:
    rendering = mapping.render(template, body, {"stage": "prod"})
    assert not rendering.note
    return rendering.text


@pytest.mark.parametrize(("mode", "made"), [("copy", "moved"), ("thumbnail", "resized")])
def test_a_template_decides(mode: str, made: str) -> None:
    """#set, #if and #else, as the Velocity Template Language has them."""
    template = """#set($mode = $input.path('$.mode'))
#if($mode == "copy")moved#{else}resized#end"""
    assert made == text(template, json.dumps({"mode": mode}))


def test_a_template_walks_through_a_list() -> None:
    """#foreach, with the loop's own variable."""
    template = "#foreach($px in $input.path('$.sizes'))$px#if($foreach.hasNext)x#end#end"
    assert "64x128" == text(template)


def test_a_template_walks_through_an_object() -> None:
    """By the methods of Java's maps and lists."""
    template = """#set($body = $input.path('$'))
#foreach($name in $body.keySet())$name #end$body.sizes.size() $body.get("n")"""
    assert "key sizes more n 2 0" == text(template)


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("$input.body", BODY),
        ("$input.json('$.key')", '"bob\'s ♣.png"'),
        ("$input.json('$.more')", '{"copy":true,"of":null}'),
        ("$input.json('$.n')", "0"),
        ("$input.json('$.none')", '""'),
        ("$input.path('$.none')", ""),
        ("$input.path('$.more.of')", ""),
        ("$input.path('$.sizes[?(@ > 100)]')", "128"),
        ("$input.path('$.sizes')", "[64,128]"),
        ("$input.path('$.more')", "{copy=true, of=null}"),
        ("$context.stage", "prod"),
        ("$!nothing", ""),
    ],
)
def test_a_reference_is_what_aws_makes_of_it(reference: str, shown: str) -> None:
    """Objects print as Java's maps do, arrays as JSON; what is not there prints as nothing."""
    assert shown == text(reference)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("$util.escapeJavaScript($input.path('$.key'))", r"bob\'s \u2663.png"),
        ("$util.escapeJavaScript($input.json('$.more'))", r"{\"copy\":true,\"of\":null}"),
        ("$util.parseJson('{\"a\": [1]}').a[0]", "1"),
        ("$util.urlEncode('a b&')", "a+b%26"),
        ("$util.urlDecode('a+b%26')", "a b&"),
        ("$util.base64Encode('♣')", "4pmj"),
        ("$util.base64Decode('4pmj')", "♣"),
    ],
)
def test_util_is_that_of_api_gateway(call: str, shown: str) -> None:
    """An apostrophe is escaped, though JSON does not know that: AWS says so."""
    assert shown == text(call)


@pytest.mark.parametrize("body", ["", "no JSON"])
def test_a_body_need_not_be_json(body: str) -> None:
    """An empty one counts as an object without members."""
    assert (body or "{}") == text("$input.body", body)
    assert text("$input.path('$.key')", body) == ""


def test_the_body_of_a_form_is_a_text() -> None:
    """What is no JSON is a text to `$input.path('$')`, and a quoted one to `$input.json('$')`."""
    assert text("$input.path('$').split('&').get(1)", "a=1&b=2") == "b=2"
    assert text("$input.json('$')", "a=1&b=2") == '"a=1&b=2"'


def test_what_renders_as_nothing_is_named() -> None:
    """A typo leaves no trace in the text, so the note has it."""
    rendering = mapping.render("[$nothing.here][$input.body.nope()]", BODY, {})
    assert "[][]" == rendering.text
    assert "renders as nothing: $nothing, $input.body.nope()" == rendering.note


def test_what_nobody_can_tell_stands_as_it_is_written() -> None:
    """A header or an address of the sender's is not made up, and is named."""
    template = (
        "$context.identity.sourceIp $util.escapeJavaScript($input.params('page')) "
        "#foreach($name in $input.params().header.keySet())$name#end$stageVariables.level"
    )
    rendering = mapping.render(template, BODY, {})
    assert (
        "$context.identity.sourceIp $util.escapeJavaScript($input.params('page')) "
        "$stageVariables.level"
    ) == rendering.text
    assert "not known here: $context.identity, $input.params, $stageVariables.level" == (
        rendering.note
    )


@pytest.mark.parametrize(
    "template", ["$util.parseJson('{')", "$input.path('$[')", "#foreach($a in $input.body", "${a"]
)
def test_a_template_that_fails_says_why(template: str) -> None:
    """API Gateway answers 500 then; there is nothing to show but the reason, on one line."""
    rendering = mapping.render(template, BODY, {})
    assert rendering.text is None
    assert rendering.note.startswith("the template fails: ")
    assert "\n" not in rendering.note


def test_a_template_may_override_parameters() -> None:
    """That changes the request, not its body."""
    assert "{}" == text('#set($context.requestOverride.header.Accept = "text/plain"){}')
