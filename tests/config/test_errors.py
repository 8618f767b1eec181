"""Error reports: what leaves the machine with them."""

from config import errors


def test_a_report_holds_no_query() -> None:
    event = {"request": {"url": "https://desk.example/", "query_string": "search=lindqvist"}}
    assert "lindqvist" not in str(errors.without_query(event, None))
    assert errors.without_query({}, None) == {}
