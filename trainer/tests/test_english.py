"""English as typed and Japanese joined."""

import pytest

from interlinear_trainer.starter.english import english, japanese

TYPED = [
    ("i can 't tell who will arrive first .", "I can't tell who will arrive first."),
    ("you have eaten lunch , haven 't you ?", "You have eaten lunch, haven't you?"),
    ("he shouted , '' get out ! '' .", 'He shouted, "Get out!".'),
    ("'' what 's the matter with you ? '' she demanded .", '"What\'s the matter with you?" she demanded.'),
    ("'' performed '' is the right word .", '"Performed" is the right word.'),
    ("he said to me , ' let 's play catch . '", "He said to me, 'Let's play catch.'"),
    ("it is no more than ten minutes ' walk from here .", "It is no more than ten minutes' walk from here."),
    ("it 's nine o 'clock .", "It's nine o'clock."),
    ("mr smith is pleased at his son 's success .", "Mr. Smith is pleased at his son's success."),
    ("mr. hill is from the u.s. .", "Mr. Hill is from the U.S."),
    ("tom and mary live in new york .", "Tom and Mary live in New York."),
    ("hi , bill . how are you ?", "Hi, Bill. How are you?"),
    ("the bill must be paid on monday .", "The bill must be paid on Monday."),
    ("may i use this telephone in may ?", "May I use this telephone in May?"),
    ("she met him at 5 p.m. in japan .", "She met him at 5 p.m. in Japan."),
    ("the cost -lrb- $ 5 -rrb- is low .", "The cost ($5) is low."),
    ("do you have any japanese cds ?", "Do you have any Japanese CDs?"),
]


@pytest.mark.parametrize(("tokens", "typed"), TYPED)
def test_english_is_what_a_person_types(tokens: str, typed: str) -> None:
    assert english(tokens) == typed


@pytest.mark.parametrize(
    ("tokens", "joined"),
    [
        ("彼 は １２ 歳 に な っ た 。", "彼は１２歳になった。"),
        (
            "日本 語 で 「 ｔｈａｎｋ ｙｏｕ 」 を どう 言 う の で す か 。",
            "日本語で「ＴＨＡＮＫ ＹＯＵ」をどう言うのですか。",
        ),
        ("ｃｄ を 買 っ た", "ＣＤを買った"),
        ("Hello World です", "Hello Worldです"),
    ],
)
def test_japanese_is_joined(tokens: str, joined: str) -> None:
    assert japanese(tokens) == joined
