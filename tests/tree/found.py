"""Every regular expression of the tree, in code, in data and on the page, and texts on which a slow one shows."""

import ast
import importlib
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from storage.settings import REPOSITORY

FOLDERS = ("mcp_servers", "team", "ui", "storage", "knowledge")
READS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
OTHER_ENGINES = {"regex", "re2", "sre_compile"}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "team/standin/data" / name).read_text(encoding="utf-8"))


def _words() -> list[str]:
    names = (f"{language}/{name}.toml" for language in ("en", "ko") for name in ("words", "concepts"))
    return [line for name in names for table in _toml(name).values() for line in _of(table)]


def _languages() -> list[dict[str, Any]]:
    places = (REPOSITORY / "storage/words").glob("*.toml")
    return [tomllib.loads(place.read_text(encoding="utf-8")) for place in places]


def _of(table: dict[str, list[str]]) -> list[str]:
    return [line for lines in table.values() for line in lines]


def _conduct() -> list[str]:
    conduct = importlib.import_module("team.guards.conduct")
    sections = [one for table in conduct._lists().values() for one in table.values()]
    return [line for one in sections for name in ("patterns", "unless") for line in conduct.filled(one, name)]


def _ordered() -> list[str]:
    quoted = importlib.import_module("team.standin.obedience.orders_in_text").QUOTED
    say = _toml("obedient.toml")["say"]
    return [line + quoted for line in say["before"]] + [quoted + line for line in say["after"]]


def _amounts() -> list[str]:
    read = importlib.import_module("mcp_servers.products.amounts")._bound_patterns()
    return [one.pattern for both in read.values() for one in both]


def _asked() -> list[str]:
    lists = importlib.import_module("mcp_servers.products.terms").word_lists()
    named = ("beside", "reviewed", "order")
    return [line for name in named for lines in lists[name].values() for line in lines]


def _figures() -> Any:  # noqa: ANN401 - a module
    return importlib.import_module("knowledge.rehearsal.figures")


def _signs() -> list[str]:
    signs = importlib.import_module("team.routing.reading").signs()
    tasks = [one.pattern for patterns in signs.tasks.values() for one in patterns]
    return [*tasks, *(one.pattern for _, one in signs.complexity)]


SHAPED_BY_DATA: dict[str, Callable[[], list[str]]] = {
    "storage/words/languages.py: f\"[{found.pop('letters')}]\"": lambda: [
        f"[{one['letters']}]" for one in _languages()
    ],
    "storage/words/languages.py: found.get(name, NOTHING)": lambda: [
        one[name] for one in _languages() for name in ("shown_by", "common", "ends") if name in one
    ],
    "team/standin/understanding/words.py: line": _words,
    "team/standin/understanding/words.py: '|'.join((one.pattern for one in some))": list,
    "team/standin/obedience/orders_in_text.py: looks": lambda: list(_toml("obedient.toml")["arguments"].values()),
    "team/standin/obedience/orders_in_text.py: verb": lambda: _of(_toml("obedient.toml")["tools"]),
    "team/standin/obedience/orders_in_text.py: line": _ordered,
    "team/guards/conduct.py: line": _conduct,
    "team/cooperation/voting.py: pattern": lambda: importlib.import_module("team.cooperation.voting")._words()["asked"],
    "team/words/greetings.py: f'(?:{words})(?: (?:{words}))*'": lambda: [
        rf"(?:{words})(?: (?:{words}))*"
        for words in vars(importlib.import_module("team.words.greetings")).values()
        if isinstance(words, str) and "|" in words
    ],
    "knowledge/language/glossary.py: choices or NOTHING": lambda: [
        importlib.import_module("knowledge.language.glossary").glossary().korean_pattern.pattern
    ],
    "mcp_servers/products/amounts.py: frame.format('|'.join(listed)) if listed else '(?!)'": _amounts,
    "mcp_servers/products/asked.py: each": _asked,
    "team/routing/reading.py: '|'.join(found)": _signs,
    "team/routing/remembering.py: one": lambda: [
        one.pattern for one in importlib.import_module("team.routing.remembering").unmeant().endings
    ],
    "knowledge/rehearsal/figures.py: form": lambda: [
        form for one in ("en", "ko") for form in _of(_figures()._told()[one])
    ],
    "knowledge/rehearsal/figures.py: shape": lambda: [_figures()._pattern(one).pattern for one in ("en", "ko")],
    "knowledge/reading/formats/dates.py: shape": lambda: [
        one.pattern for one in importlib.import_module("knowledge.reading.formats.dates")._SHAPES
    ],
}
"""Where a pattern comes from data: all that it may be."""

VALUES: dict[str, Any] = {
    "name": "get_order",
    "ids": "returns|gift-cards",
    "title": "Gift cards",
    "value": "get order",
    "about": "where",
}
VALUES |= {"grouped": r"W[ _-]?1[ _-]?0[ _-]?4[ _-]?2", "said": "1042", "tool_names": ["get_order", "list_orders"]}
VALUES |= {"literal": "cancelled", "word": "order", "option": "cancelled", "names": "orders|products"}
VALUES |= {"begins": r"(?<!\w)", "ends": r"(?!\w)", "words": r"must\s++hand\s++in", "between": "to|and"}
"""What a pattern is filled in with, where only the call knows it: values of ours, and words of a customer escaped."""


class Pattern:
    """One expression of the tree: where it stands, and how it is read."""

    def __init__(self, where: str, text: str | bytes, how: str, flags: int = 0) -> None:
        self.where, self.how = where, how
        self.text = text if isinstance(text, str) else text.decode("latin-1")
        self.compiled: re.Pattern[Any] = re.compile(text, flags)

    def search(self, text: str) -> None:
        """Read a text as the tree does; what is compiled there may be read either way."""
        said = text if isinstance(self.compiled.pattern, str) else text.encode()
        if self.how in {"match", "fullmatch"}:
            getattr(self.compiled, self.how)(said)
            return
        for _ in self.compiled.finditer(said):
            pass
        if self.how == "compile":
            self.compiled.fullmatch(said)


def in_code(folder: str) -> Iterator[Pattern]:
    """Every pattern of a folder's modules."""
    for path in sorted((REPOSITORY / folder).rglob("*.py")):
        name = str(path.relative_to(REPOSITORY))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _reads(call):
                yield from _patterns(name, call)


def strange_imports() -> list[str]:
    """Modules that read expressions in a way that would not be found here."""
    found = []
    for folder in FOLDERS:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = isinstance(node, ast.Import) and {one.name for one in node.names if one.asname} & {"re"}
                other = isinstance(node, ast.Import) and {one.name for one in node.names} & OTHER_ENGINES
                taken = isinstance(node, ast.ImportFrom) and node.module in {"re", *OTHER_ENGINES}
                if named or other or taken:
                    found.append(str(path.relative_to(REPOSITORY)))
    return found


def on_the_page() -> Iterator[Pattern]:
    """Every expression of the page's scripts; what the browser reads and what Python reads back up alike."""
    literal = re.compile(
        r"(?:^|[(,=:\[!&|?{};])\s*/((?:[^/\\\n\[*]|\\.|\[(?:[^\]\\\n]|\\.)+\])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)+\])*)/([a-z]*)"
    )
    scripts = [path for place in ("ui/static", "storage/cards") for path in (REPOSITORY / place).rglob("*.js")]
    for path in sorted(scripts):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "RegExp(" in line], path.name
        for line in lines:
            for text, flags in literal.findall(line):
                named = re.sub(r"\(\?<(?=\w)", "(?P<", text).replace(r"\/", "/")
                yield Pattern(f"{path.name}: {text}", named, "compile", re.IGNORECASE if "i" in flags else 0)


def _reads(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in READS
    )


def _patterns(name: str, call: ast.Call) -> Iterator[Pattern]:
    assert isinstance(call.func, ast.Attribute)
    source, how = ast.unparse(call.args[0]), call.func.attr
    if (from_data := SHAPED_BY_DATA.get(f"{name}: {source}")) is not None:
        for text in from_data():
            yield Pattern(f"{name}: {text}", text, how, re.IGNORECASE)
        return
    module = vars(importlib.import_module(name.removesuffix(".py").replace("/", ".")))
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    flags += [one for one in call.args[1:] if "re." in ast.unparse(one)]
    # A name that neither the module nor VALUES knows ends the test: such a pattern has to be told of here.
    known = VALUES | module
    yield Pattern(
        f"{name}:{call.lineno}: {source}",
        eval(source, known),  # noqa: S307 - an expression of our own code
        how,
        sum(eval(ast.unparse(one), known) for one in flags),  # noqa: S307 - as above
    )


LETTERS = re.compile(r"[A-Za-z0-9_]+|[가-힣ㄱ-ㅣ]+")
SIGNS = re.compile(r"[-<>|/#@:;,.!?=\"'`()\[\]{}~·•&+*$^]")
GENERIC = (
    "a",
    "A",
    "1",
    " ",
    "\n",
    "가",
    "ㅋ",
    ".",
    ",",
    "?",
    "a ",
    "1 ",
    "가 ",
    ", ",
    "a.",
    "a-",
    "a,",
    "-",
    "_",
    "W1",
    "a\n",
)
MOST_LITERALS = 24
END = "q☃"


class Probe(NamedTuple):
    """Words repeated after a beginning, and an end as nothing ends."""

    start: str
    token: str

    def of(self, length: int) -> str:
        """The text of about this many characters."""
        repeated = self.token * (length // len(self.token))
        return self.start + repeated + END


def probes(pattern: Pattern) -> Iterator[Probe]:
    """What to repeat for this pattern: its own words above all."""
    plain = re.sub(r"\\[a-zA-Z]|\(\?[a-zA-Z:=!<>-]*", " ", pattern.text)
    words = list(dict.fromkeys(LETTERS.findall(plain)))[:MOST_LITERALS]
    signs = list(dict.fromkeys(SIGNS.findall(plain)))
    own = [*words, *signs, *(sign + other for sign in signs[:8] for other in (" ", "a", "1"))]
    for token in dict.fromkeys([*GENERIC, *own, *(f"{one}{gap}" for one in words for gap in (" ", ", ", "가"))]):
        yield Probe("", token)
    for start in own:
        for token in (" ", "a", "1", "가", ".", "\n", "a "):
            yield Probe(start, token)
