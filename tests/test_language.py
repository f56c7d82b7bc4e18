import pytest

from bpstudio import language
from bpstudio.language import parse_catalogue, tr, trn


@pytest.fixture(autouse=True)
def in_english():
    yield
    language.use("en")


def test_puts_the_named_parts_in():
    assert tr("Add {name}", name="x") == "Add x"


def test_leaves_braces_alone_where_there_are_no_parts():
    assert tr("{not a part}") == "{not a part}"


def test_counts_in_english():
    assert trn("{n} gate", "{n} gates", 1) == "1 gate"
    assert trn("{n} gate", "{n} gates", 2) == "2 gates"


def test_a_count_has_its_thousands_apart():
    assert trn("{n} gate", "{n} gates", 200_001) == "200,001 gates"


def test_reads_a_catalogue():
    text = (
        'msgid ""\nmsgstr "Content-Type: text/plain\\n"\n\n'
        '#: a.py:1\nmsgid "Save"\nmsgstr "保存"\n\n'
        'msgid ""\n"two "\n"\\"lines\\""\nmsgstr "两行"\n\n'
        '#, fuzzy\nmsgid "Old"\nmsgstr "旧"\n\n'
        'msgid "{n} gate"\nmsgid_plural "{n} gates"\nmsgstr[0] "{n} 个门"\n\n'
        'msgid "Empty"\nmsgstr ""\n'
    )
    assert parse_catalogue(text) == {
        "Save": "保存",
        'two "lines"': "两行",
        "{n} gate": "{n} 个门",
        "{n} gates": "{n} 个门",
    }


def test_refuses_a_language_it_does_not_have():
    with pytest.raises(KeyError):
        language.use("xx")


@pytest.mark.parametrize(
    ("name", "code"),
    [("zh_CN.UTF-8", "zh_CN"), ("en_GB.UTF-8", "en"), ("de_DE", "en"), ("C", "en")],
)
def test_follows_the_environment(monkeypatch, name, code):
    monkeypatch.setenv("LC_ALL", name)
    assert language.of_system() == code


def test_sentences_behind_one_another_are_parted_as_their_language_does_it():
    assert language.together(("One.", "Two.")) == "One. Two."
    assert language.together(("一。", "二。")) == "一。二。"
    assert language.together(()) == ""
