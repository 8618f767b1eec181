"""Number formats: a cell is told as its workbook shows it, digit by digit."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from conversations.files.readers import numbers

# ruff: noqa: DTZ001 - cells know no zone; signs that look like others are shown
NUMBERS = [
    # As it is.
    (5, "General", "5"),
    (0.1 + 0.2, "General", "0.3"),
    (1e20, "General", "1e+20"),
    (12345678901234567, "General", "12345678901234567"),
    (1234.5678, "", "1234.5678"),
    (True, "0", "TRUE"),
    (5, "@", "5"),
    (5, ";;;", ""),
    (5, 'General" kg"', "5 kg"),
    # Noughts that are asked for.
    (1067, "00000", "01067"),
    (301234567, "0000 000000", "0301 234567"),
    (4711, '"SKU-"0000', "SKU-4711"),
    (42, '"SKU-"0000', "SKU-0042"),
    (42, "\\S\\K\\U\\-0000", "SKU-0042"),
    (1712345678, "00-0000-0000", "17-1234-5678"),
    (7, "0000-00-00", "0000-00-07"),
    (5, "00,000", "00,005"),
    (12345678901234567, "0", "12345678901234567"),
    (1e15, "#,##0", "1,000,000,000,000,000"),
    # Places behind the point: asked for, and only where there are digits.
    (1.256, "0.0##", "1.256"),
    (1.2, "0.0##", "1.2"),
    (1, "0.0##", "1.0"),
    (1234.5678, "0.00##", "1234.5678"),
    (1.5, "0.##", "1.5"),
    (1, "0.##", "1"),
    (0.5, "#.00", ".50"),
    (0, "#", ""),
    (7.0, "0.00", "7.00"),
    (1234.5, "#,##0.00", "1,234.50"),
    (1.5, "0.0??", "1.5"),
    # Rounded as people do, in decimal digits.
    (2.5, "0", "3"),
    (1.005, "0.00", "1.01"),
    (2.675, "0.00 €", "2.68 €"),
    (0.285, "0%", "29%"),
    (-2.5, "0", "-3"),
    (-0.4, "0", "0"),
    (1.15, "0.0", "1.2"),
    # Words and units where they stand.
    (5, '0" kg"', "5 kg"),
    (12, '#,##0 "Stück"', "12 Stück"),
    (0.5, '0.00"‰"', "0.50‰"),
    (12.5, '"ca. "0.0" h"', "ca. 12.5 h"),
    (3, '0\\ "x"', "3 x"),
    (5, '"a;b" 0;"minus"', "a;b 5"),
    # Parts of a format: more, less, nought, text.
    (0, '0;-0;"none"', "none"),
    (-3.5, "0.0;(0.0)", "(3.5)"),
    (-1234, "#,##0;[Red]-#,##0", "-1,234"),
    (-5, '0;"owed "0', "owed 5"),
    (-5, "0.00", "-5.00"),
    (5, "[>=10]0;[<10]0.0", "5.0"),
    (12, "[>=10]0;[<10]0.0", "12"),
    (5, '[=1]"yes";[=0]"no";0', "5"),
    (1, '[=1]"yes";[=0]"no";0', "yes"),
    (5, "[Blue]0", "5"),
    # Money.
    (19.9, "[$€-407]#,##0.00", "€19.90"),
    (19.9, "#,##0.00 [$€-407]", "19.90 €"),
    (12.5, '#,##0.00 "€"', "12.50 €"),
    (1234.5, "$#,##0.00", "$1,234.50"),
    (1234.5, '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-', "1,234.50 €"),
    (-9.5, '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-', "-9.50 €"),
    (0, '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-', "- €"),
    (-7, '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)', "$ (7)"),
    # Percent, thousands, powers, fractions.
    (0.5, "0%", "50%"),
    (0.125, "0.0%", "12.5%"),
    (0.5, "0 %", "50 %"),
    (1234567, "#,##0,", "1,235"),
    (1234567, '0.0,," M"', "1.2 M"),
    (12345, "0.00E+00", "1.23E+04"),
    (0.00012, "0.0E+0", "1.2E-4"),
    (1.5, "# ?/?", "1 1/2"),
    (0.25, "0/0", "1/4"),
    (0.3333333, "# ??/??", "1/3"),
    (2.0, "# ?/?", "2"),
    # What is not understood is told as it is.
    (12.5, "0.0.0", "12.5"),
    (12.5, '"open', "12.5"),
    (12.5, "[weird", "12.5"),
]


@pytest.mark.parametrize(("value", "pattern", "shown"), NUMBERS)
def test_number_is_told_as_its_cell_shows_it(value: Any, pattern: str, shown: str) -> None:
    assert numbers.shown(value, pattern) == shown


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [
        (timedelta(hours=26), "[h]:mm", "26:00"),
        (timedelta(hours=26, minutes=3, seconds=4), "[h]:mm:ss", "26:03:04"),
        (timedelta(minutes=90), "[mm]:ss", "90:00"),
        (timedelta(hours=-1), "[h]:mm", "-1:00"),
        (timedelta(days=2, seconds=1), "General", "48:00:01"),
        (datetime(2026, 11, 3), "yyyy-mm-dd", "2026-11-03"),
        (datetime(2026, 11, 3, 14, 30, 15), "yyyy-mm-dd hh:mm:ss", "2026-11-03 14:30:15"),
        (datetime(2026, 11, 3, 14, 30), "dd.mm.yy hh:mm", "2026-11-03 14:30"),
        (datetime(2026, 11, 3, 14, 29, 59, 999999), "dd.mm.yy hh:mm", "2026-11-03 14:30"),
        (datetime(9999, 12, 31, 23, 59, 59, 997000), "dd.mm.yyyy hh:mm:ss", "9999-12-31 23:59:59"),
        (datetime(2026, 11, 3, 14, 30, 15), "dd.mm.yyyy", "2026-11-03"),
        (datetime(2026, 11, 3, 14, 30, 15), "hh:mm", "14:30"),
        (time(14, 30, 15), "hh:mm:ss", "14:30:15"),
        (time(9, 5), "h:mm", "09:05"),
        ("words", '0;0;0;"<"@">"', "<words>"),
        ("words", "General", "words"),
        ("", "@", ""),
        (None, "0", ""),
    ],
)
def test_moments_and_words_are_told_as_their_cell_shows_them(
    value: Any, pattern: str, shown: str
) -> None:
    assert numbers.shown(value, pattern) == shown
