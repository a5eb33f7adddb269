"""English as a person types it, from Stanford tokens in lower case; Japanese from KyTea tokens."""

import re
from typing import Final

from interlinear_trainer.starter.lexicon import ACRONYMS, AMBIGUOUS_NAMES, DETERMINERS, PHRASES, PROPER, TITLES

_BRACKETS: Final = {"-lrb-": "(", "-rrb-": ")", "-lsb-": "[", "-rsb-": "]", "-lcb-": "{", "-rcb-": "}"}
_NO_SPACE_BEFORE: Final = frozenset({".", ",", "?", "!", ":", ";", ")", "]", "}", "%", "...", "n't"})
_NO_SPACE_AFTER: Final = frozenset({"(", "[", "{", "$"})
_CLITIC: Final = re.compile(r"^'(t|s|m|ll|re|ve|d|clock|all)$")
_ENDS: Final = frozenset({".", "?", "!"})
_PHRASE: Final = re.compile(r"\b(" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b")
_KEEP_SPACE: Final = re.compile(r"(?<=[A-Za-z0-9Ａ-Ｚａ-ｚ,.!?]) (?=[A-Za-z0-9Ａ-Ｚａ-ｚ])")
_WIDE_WORD: Final = re.compile(r"[ａ-ｚ]+")


def detokenise(tokens: str) -> str:
    """Join Stanford tokens: `oh , i can 't go .` becomes `oh, i can't go.`, and quotes find their side.

    Double quotes alternate between opening and closing; an apostrophe is a clitic, else a closing mark.
    """
    out = ""
    glue = True
    quote_open = False
    single_open = False
    words = tokens.split()
    for index, raw in enumerate(words):
        word = _BRACKETS.get(raw, raw)
        last = index == len(words) - 1
        before = not glue
        glue = word in _NO_SPACE_AFTER
        if word in ("''", "``", '"'):
            before, glue = (False, False) if quote_open else (before, True)
            quote_open, word = not quote_open, '"'
        elif word in ("'", "`"):
            opens = not single_open and not last and (index == 0 or words[index - 1] in (",", ":"))
            before, glue = (before, True) if opens else (False, False)
            single_open, word = opens, "'"
        elif _CLITIC.match(word) or word in _NO_SPACE_BEFORE:
            before = False
        out += (" " if before and out else "") + word
    return out


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _cased(core: str, previous: str) -> str:
    if core in ACRONYMS:
        return ACRONYMS[core]
    if core in AMBIGUOUS_NAMES and previous.lower() not in DETERMINERS:
        return _capital(core)
    if core in PROPER or (previous in TITLES and core.isalpha()):
        return _capital(core)
    return core


def true_case(text: str) -> str:
    """Give a lower-case English sentence its capitals: sentence starts, `I`, names, titles, acronyms."""
    text = _PHRASE.sub(lambda match: PHRASES[match.group(1)], text)
    out: list[str] = []
    start = True
    previous = ""
    for word in text.split(" "):
        match = re.match(r"^([\"'(\[{]*)(.*?)('(?:s|m|ll|re|ve|d|t|clock)?|)([.,?!:;\"')\]}]*)$", word)
        head, core, clitic, tail = match.groups() if match else ("", word, "", "")
        if core + tail[:1] in ACRONYMS and tail[:1] == ".":
            core, tail = core + ".", tail[1:]
        core = _cased(core, previous)
        quoted = head[:1] in {'"', "'"} and bool(out) and out[-1][-1:] in {",", ":"}
        if (start or quoted) and core not in ("p.m.", "a.m."):
            core = _capital(core)
        if core.endswith(".") and tail.startswith("."):
            tail = tail[1:]
        previous = "" if tail else core
        out.append(head + core + clitic + tail)
        start = bool(set(tail) & _ENDS) and core not in TITLES and not tail.endswith('"')
    return " ".join(out)


def english(tokens: str) -> str:
    """One corpus line of English as a person would type it."""
    return true_case(detokenise(tokens))


def japanese(tokens: str) -> str:
    """Join KyTea tokens; spaces stay between Latin words; wide Latin letters get capitals (ｃｄ: ＣＤ)."""
    words = tokens.strip()
    kept = _KEEP_SPACE.sub("\0", words)
    joined = kept.replace(" ", "").replace("\0", " ")
    return _WIDE_WORD.sub(lambda match: match.group(0).upper(), joined)
