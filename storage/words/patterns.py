"""Messages as a page fills them without Fluent: texts with `{name}` places, or one such text for each plural form."""

from collections.abc import Callable, Mapping

from fluent.syntax import FluentParser, ast

from storage.words.catalogue import Catalogue, CatalogueError

Forms = Mapping[str, str]
"""`by` names the number that is counted; the other names are plural forms, and `other` is always there."""

Text = str | Forms


def _any(_: str) -> bool:
    return True


def patterns_in(catalogue: Catalogue, language: str, wanted: Callable[[str], bool] = _any) -> dict[str, Text]:
    """Return each message of a catalogue by its id, or those alone that are wanted.

    Raises:
        CatalogueError: a message is more than a page can fill.
    """
    resource = FluentParser().parse((catalogue.folder / f"{language}.ftl").read_text(encoding="utf-8"))
    messages = [entry for entry in resource.body if isinstance(entry, ast.Message)]
    return {message.id.name: _text(message) for message in messages if wanted(message.id.name)}


def _text(message: ast.Message) -> Text:
    match message.value:
        case ast.Pattern(
            elements=[ast.Placeable(expression=ast.SelectExpression(selector=selector, variants=variants))]
        ):
            by = _plain(message, selector)
            forms = {_form(message, variant): _filled(message, variant.value) for variant in variants}
            return {"by": by, **forms}
        case ast.Pattern() as pattern:
            return _filled(message, pattern)
    raise CatalogueError(f"{message.id.name} says nothing")


def _form(message: ast.Message, variant: ast.Variant) -> str:
    if isinstance(variant.key, ast.Identifier):
        return variant.key.name
    raise CatalogueError(f"{message.id.name} chooses by something else than a plural form")


def _filled(message: ast.Message, pattern: ast.Pattern) -> str:
    return "".join(
        element.value if isinstance(element, ast.TextElement) else f"{{{_plain(message, element.expression)}}}"
        for element in pattern.elements
    )


def _plain(message: ast.Message, expression: object) -> str:
    """Return the name of a plain place, or of a number that Fluent would be told is one."""
    match expression:
        case ast.VariableReference(id=ast.Identifier(name=name)):
            return name
        case ast.FunctionReference(
            id=ast.Identifier(name="NUMBER"), arguments=ast.CallArguments(positional=[argument], named=[])
        ):
            return _plain(message, argument)
    raise CatalogueError(f"{message.id.name} has more than plain places, which the page cannot fill")
