from __future__ import annotations

from datetime import date

import pytest

from digestqa.errors import UsageError
from digestqa.fetching import Search, read_day, read_status, split_numbers
from digestqa.fetching.search import read_numbers


def test_a_search_becomes_the_parameters_of_the_registry() -> None:
    search = Search("itching", "cholestasis", "corvimab", ("RECRUITING", "COMPLETED"), date(2026, 1, 31))
    assert search.parameters() == {
        "query.term": "itching",
        "query.cond": "cholestasis",
        "query.intr": "corvimab",
        "filter.overallStatus": "RECRUITING,COMPLETED",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-01-31,MAX]",
    }


def test_an_empty_search_asks_for_nothing() -> None:
    assert Search(query="  ").parameters() == {}


@pytest.mark.parametrize("written", ["active, not recruiting", "ACTIVE_NOT_RECRUITING", "Active not recruiting"])
def test_a_status_may_be_written_as_people_do(written: str) -> None:
    assert read_status(written) == "ACTIVE_NOT_RECRUITING"


def test_a_status_that_is_none_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="no status 'open'") as caught:
        read_status("open")
    assert "recruiting" in caught.value.hint


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-03-31", date(2026, 3, 31)), ("2026-03", date(2026, 3, 1)), ("2026", date(2026, 1, 1))],
)
def test_a_day_may_be_a_month_or_a_year(written: str, day: date) -> None:
    assert read_day(written) == day


@pytest.mark.parametrize("written", ["2026-02-30", "0000", "yesterday", "2026-1-1", "2026-03-31,MAX]", ""])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="is no day"):
        read_day(written)


def test_numbers_are_read_as_people_write_them_each_once() -> None:
    numbers, refused = read_numbers(["nct90000001", "NCT 9000 0002", "NCT90000001", "clinicaltrials:NCT90000003"])
    assert numbers == ("NCT90000001", "NCT90000002", "NCT90000003")
    assert refused == ()


@pytest.mark.parametrize("written", ["NCT123", "PMID:31234567", "NCT900000011", "../../etc/passwd", "NCT٩٠٠٠٠٠٠١"])
def test_what_is_no_number_is_refused_by_name(written: str) -> None:
    numbers, refused = read_numbers([written, "NCT90000001"])
    assert numbers == ("NCT90000001",)
    assert [entry.source for entry in refused] == [written]
    assert "is no NCT number" in refused[0].reason


def test_a_list_may_have_lines_commas_blanks_and_comments() -> None:
    text = "NCT90000001, NCT90000002;NCT90000003\n# all of cohort A\nnct 9000 0004  # by hand\r\n\nfoo\n"
    assert split_numbers(text) == ["NCT90000001", "NCT90000002", "NCT90000003", "nct 9000 0004", "foo"]
