"""What files of translations say to readers that are not ours: `read_document.py < FILES`.

Reads a JSON list of [format, text] and prints one of [values, rest] each. `values` has every text by its place; `rest`
is all else that the file says, with the values, and the states that writing them changes, taken out.
"""

import ast
import csv
import io
import json
import plistlib
import re
import sys
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import yaml

Values = dict[str, str]
Read = tuple[Values, object]


def local(element: ET.Element) -> str:
    """Name without its namespace."""
    return element.tag.rpartition("}")[2]


def inner(element: ET.Element) -> str:
    """Content: text, with child elements as ⟨name id⟩ ... ⟨/name⟩."""
    parts = [element.text or ""]
    for child in element:
        parts += [
            f"⟨{local(child)} {child.get('id') or child.get('i') or ''}⟩",
            inner(child),
            f"⟨/{local(child)}⟩",
            child.tail or "",
        ]
    return "".join(parts)


def tree(element: ET.Element, left_out: set[str]) -> list[object]:
    """Names, attributes and texts, without the content of `left_out` and without white space between elements."""
    if local(element) in left_out:
        return [element.tag, dict(element.attrib)]
    children = [[tree(child, left_out), (child.tail or "").strip()] for child in element]
    return [element.tag, dict(element.attrib), (element.text or "").strip(), children]


def xml(text: str) -> ET.Element:
    """Root element, without comments."""
    return ET.fromstring(text.encode())


def comments(text: str) -> list[str]:
    """Of an XML file."""
    root = ET.fromstring(text.encode(), ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))
    return [element.text or "" for element in root.iter() if not isinstance(element.tag, str)]


def read_xliff(text: str) -> Read:
    """1.2: `<target>` of each unit; 2.x: of each segment."""
    root = xml(text)
    values: Values = {}
    for unit in [element for element in root.iter() if local(element) in {"trans-unit", "segment"}]:
        unit.attrib.pop("state", None)
        for child in [child for child in unit if local(child) == "target"]:
            values[unit.get("id", "")] = inner(child)
            unit.remove(child)
    return values, [tree(root, set()), comments(text)]


def read_tmx(text: str) -> Read:
    """Segments by their unit and language."""
    root = xml(text)
    values: Values = {}
    for unit in root.iter("tu"):
        for variant in unit.iter("tuv"):
            language = variant.get("{http://www.w3.org/XML/1998/namespace}lang")
            values.update({f"{unit.get('tuid')}/{language}": inner(segment) for segment in variant.iter("seg")})
    return values, [tree(root, {"seg"}), comments(text)]


def android_text(raw: str) -> str:
    """As Android's packer reads a string: escapes, quotes, and one space for all white space outside of quotes."""
    parts: list[str] = []
    quoted = False
    for match in re.finditer(
        r"\\u([0-9A-Fa-f]{4})|\\(.)|(\")|([ \t\r\n\f\v]+)|([^\\\" \t\r\n\f\v]+)", raw.strip(" \t\r\n"), re.DOTALL
    ):
        code, escaped, quote, space, plain = match.groups()
        if quote:
            quoted = not quoted
        elif space:
            parts.append(space if quoted else " ")
        elif code:
            parts.append(chr(int(code, 16)))
        elif escaped:
            parts.append({"n": "\n", "t": "\t"}.get(escaped, escaped))
        else:
            parts.append(plain)
    return "".join(parts)


def read_android(text: str) -> Read:
    """Strings, and items by their place; one that begins with @ or ? unescaped names a resource."""
    root = xml(text)
    values: Values = {}
    for entry in root:
        name = entry.get("name", "")
        if local(entry) == "string":
            values[name] = inner(entry)
        for index, item in enumerate(entry.iter("item")):
            values[f"{name}/{item.get('quantity', index)}"] = inner(item)
    wrong = [value for value in values.values() if value.strip(" \t\r\n").startswith(("@", "?"))]
    return {place: android_text(value) for place, value in values.items()}, [
        tree(root, {"string", "item"}),
        comments(text),
        wrong,
    ]


def read_resx(text: str) -> Read:
    """Values by name; those of a header are no texts."""
    root = xml(text)
    values = {data.get("name", ""): inner(value) for data in root.iter("data") for value in data.iter("value")}
    for data in root.iter("data"):
        for value in data.iter("value"):
            value.text = None
    return values, [tree(root, set()), comments(text)]


def leaves(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """All that is neither object nor list, by its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, str(index)))
    else:
        yield "/".join(path), node


def texts_and_rest(node: object) -> Read:
    """Strings, and everything else with the order of all."""
    found = list(leaves(node))
    values = {path: value for path, value in found if isinstance(value, str)}
    return values, [[path, None if isinstance(value, str) else repr(value)] for path, value in found]


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; a key that is there twice would hide a text."""
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        message = f"a key is there twice: {keys}"
        raise ValueError(message)
    return dict(pairs)


def read_json(text: str) -> Read:
    """Any JSON."""
    return texts_and_rest(json.loads(text, object_pairs_hook=unique))


def read_xcstrings(text: str) -> Read:
    """Values of one language stand in `ja`; its states are taken out, as are objects that have none but them."""
    catalogue = json.loads(text, object_pairs_hook=unique)
    values: Values = {}
    for key, entry in catalogue["strings"].items():
        localizations = entry.get("localizations", {})
        for path, value in leaves(localizations.pop("ja", {})):
            if path.endswith("value"):
                values[f"{key}/{path}"] = str(value)
        if not localizations:
            entry.pop("localizations", None)
    return values, catalogue


def read_plist(text: str) -> Read:
    """A property list."""
    values, rest = texts_and_rest(plistlib.loads(text.encode()))
    return values, [rest, comments(text)]


def read_yaml(text: str) -> Read:
    """YAML 1.1, with the comments of the file."""
    values, rest = texts_and_rest(yaml.safe_load(text))
    return values, [rest, re.findall(r"^# note$|# note that stays$", text, re.MULTILINE)]


def read_table(text: str, delimiter: str) -> Read:
    """Cells by row and column."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    values = {f"{row}/{column}": cell for row, cells in enumerate(rows) for column, cell in enumerate(cells)}
    return values, [len(cells) for cells in rows]


def read_po(text: str) -> Read:
    """Entries by context and id. Strings of gettext are C's, which Python's own reader of literals knows."""
    values: Values = {}
    rest: list[object] = []
    for block in re.split(r"\n{2,}", text.strip()):
        fields: dict[str, str] = {}
        keyword = ""
        for line in block.split("\n"):
            match = re.fullmatch(r'(?:(msg\w+(?:\[\d+\])?) )?(".*")', line)
            if match is None:
                flags = (
                    [flag for flag in re.split(r",\s*", line)[1:] if flag != "fuzzy"]
                    if line.startswith("#,")
                    else [line]
                )
                rest.append(flags)
                continue
            keyword = match[1] or keyword
            fields[keyword] = fields.get(keyword, "") + ast.literal_eval(match[2])
        name = f"{fields.get('msgctxt', '')}/{fields.get('msgid', '')}"
        values.update({f"{name}/{field}": value for field, value in fields.items() if field.startswith("msgstr")})
        rest.append([name, fields.get("msgid_plural"), sorted(fields)])
    return values, [line for line in rest if line != []]


READERS = {
    "xliff": read_xliff,
    "tmx": read_tmx,
    "android": read_android,
    "resx": read_resx,
    "stringsdict": read_plist,
    "json": read_json,
    "arb": read_json,
    "xcstrings": read_xcstrings,
    "yaml": read_yaml,
    "csv": lambda text: read_table(text, ","),
    "tsv": lambda text: read_table(text, "\t"),
    "po": read_po,
}


def main() -> None:
    """Read all files that stdin names."""
    print(json.dumps([READERS[kind](text) for kind, text in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
