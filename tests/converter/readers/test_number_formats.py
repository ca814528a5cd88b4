from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from budgetgraph.converter.readers.number_formats import BUILT_IN, compile_format, exact, general

ACCOUNTING = BUILT_IN[43]


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("General", "2013101", "2013101"),
        ("General", "841.57", "841.57"),
        ("General", "841.50", "841.5"),
        ("General", "1465.2800000000002", "1465.28"),
        ("General", "0.1", "0.1"),
        ("General", "1E-3", "0.001"),
        ("General", "-0", "0"),
        ("", "7.5", "7.5"),
        ("G/通用格式", "12.50", "12.5"),
        ('General"元"', "12.5", "12.5元"),
        ("0", "2013101.0", "2013101"),
        ("0.00", "-0.001", "-0.00"),
        ("0.0000", "841.57", "841.5700"),
        ("#,##0.00", "12306.5", "12,306.50"),
        ("#,##0.00", "999.999", "1,000.00"),
        ("#,##0.00", "999.99", "999.99"),
        ("#,##0", "999.4", "999"),
        ("#,##0", "999.5", "1,000"),
        ("#,##0.0", "999999.94", "999,999.9"),
        ("#,##0.0", "999999.95", "1,000,000.0"),
        ("0.00", "1234567.5", "1234567.50"),
        ("#,##0.00", "1465.285", "1,465.29"),  # away from zero, where a binary number would go down
        ("#,##0.00", "-1234.5", "-1,234.50"),
        ("#,##0.00", "1234567890123.45", "1,234,567,890,123.45"),
        ("#,##0.##", "1234", "1,234."),
        ("#", "0", ""),
        ("0.00%", "0.17310000000000003", "17.31%"),
        ("0%", "0.985", "99%"),
        (ACCOUNTING, "0", "-"),
        (ACCOUNTING, "0.0", "-"),
        (ACCOUNTING, "1234567", "1,234,567.00"),
        (ACCOUNTING, "-3", "-3.00"),
        ("#,##0.00_);(#,##0.00)", "-1234.5", "-1,234.50"),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", "-1234.5", "-1,234.50"),
        ("0.00_ ;[Red]0.00 ", "-5.5", "-5.50"),
        ("0.00_ ;[Red]0.00 ", "5.5", "5.50"),
        ("0.00;[红色]0.00", "-5.5", "-5.50"),
        ("[Red]0.00;[Red]0.00", "-5.5", "5.50"),
        ("0.00;0.00", "-5.5", "5.50"),  # the sheet shows no sign in any way
        ("[>=0]0.00;[Red](0.00)", "-5.5", "-5.50"),
        ("#,##0.00;[Red]-#,##0.00", "-5.5", "-5.50"),
        ("0.00;-0.00;", "0", ""),
        (";;;", "5", ""),
        ("#,##0,", "1234567", "1,235"),
        ("0.00,", "12345", "12.35"),
        ("0!.0,", "99999", "10.0"),
        ("0!.0,", "12345", "1.2"),
        ("000000", "12", "000012"),
        ("0000-00-00", "20210305", "2021-03-05"),
        ("0,000", "12", "0,012"),
        ("[$¥-804]#,##0.00", "-5", "-5.00"),
        ('_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "1234.5", "1,234.50"),
        ('_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "0", "-"),
        ('"￥"#,##0.00;"￥"\\-#,##0.00', "-5", "-5.00"),
        ('0.00"万元"', "3.1", "3.10万元"),
        ('[>=10000]0.0,"千";0', "12345", "12.3千"),
        ('[>=10000]0.0,"千";0', "-3", "-3"),
        ("# ?/?", "0.5", "0.5"),
        ("0.00E+00", "123456", "123456"),
        ("[DBNum1]General", "12", "12"),
        ("@", "2013101", "2013101"),
        ("General", "#VALUE!", "#VALUE!"),
        ("yyyy/m/d", "44197", "2021/1/1"),
        ("yyyy/m/d", "1", "1900/1/1"),
        ("yyyy/m/d", "-1", "-1"),
        ("yyyy/m/d", "99999999", "99999999"),
        ('yyyy"年"m"月"d"日";@', "44256", "2021年3月1日"),
        ("yyyy-mm-dd hh:mm:ss", "44197.5", "2021-01-01 12:00:00"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "44256", "2021年3月1日"),
        ("aaaa", "44256", "星期一"),
        ('上午/下午h"时"mm"分"', "44197.75", "下午6时00分"),
        ("h:mm AM/PM", "0.25", "6:00 AM"),
        ("[h]:mm:ss", "1.5", "36:00:00"),
        ("mm:ss.0", "0.0006956", "01:00.1"),
    ],
)
def test_shown(code, stored, shown):
    number_format = compile_format(code)
    assert number_format.show(stored) == shown
    assert number_format.quick(number_format.show)(stored) == shown


def test_days_from_1904():
    assert compile_format("yyyy/m/d", epoch_1904=True).show("42735") == "2021/1/1"


def test_hidden_texts():
    assert compile_format(";;;").show_text("abc") == ""
    assert compile_format('0.00;-0.00;0.00;@"元"').show_text("abc") == "abc"


@given(
    st.integers(0, 10**11 - 1) | st.integers(0, 1000),
    st.text("0123456789", max_size=20) | st.from_regex(r"[0-9]{0,4}[49]{0,1}(9{8,14}|0{8,14})[0-9]?", fullmatch=True),
    st.sampled_from(["General", "0", "0.00", "0.0000", "#,##0.00", "#,##0.00;[Red]-#,##0.00", ACCOUNTING]),
)
@example(99, "99999999999995", "0.00")  # the first rounding, to 15 digits, carries
@example(1, "004999999999999999", "0.00")  # 1.005 after the first rounding, so 1.01
@example(0, "005", "#,##0.00")
def test_simple_formats_show_what_their_sections_say(number, fraction, code):
    stored = f"{number}.{fraction}" if fraction else str(number)
    # A literal in front makes of the same format one that is filled place by place.
    number_format = compile_format(code)
    shown = number_format.quick(number_format.show)(stored)
    assert shown == compile_format(f'"x"{code}').show(stored).removeprefix("x")


@given(
    st.sampled_from(["General", "0", "0.00", "0.00;-0.00;", "#,##0.00", "[>=10]0;0.00", ACCOUNTING, ";;;"]),
    st.decimals(allow_nan=True, allow_infinity=True).map(str)
    | st.decimals(-(10**6), 10**6, places=4).map(str)
    | st.sampled_from(["", "0", "-0", "0.0", " 12.5 ", "1_000", "#VALUE!", "999.995"]),
)
def test_the_quick_way_shows_the_same(code, stored):
    number_format = compile_format(code)
    shown = number_format.quick(number_format.show)
    assert shown(stored) == number_format.show(stored)
    assert shown(" 1465.28") == number_format.show(" 1465.28")


def test_the_quick_way_shows_the_same_again_however_many_numbers_there_were():
    number_format = compile_format("#,##0.00")
    shown = number_format.quick(number_format.show)
    for number in [*range(1_000, 2_000), *range(1_000, 2_000)]:
        assert shown(f"{number}.5") == f"{number:,}.50"


@given(st.decimals(-(10**12), 10**12, places=2))
def test_amounts_keep_their_value(amount):
    shown = compile_format("#,##0.00").show(str(amount))
    assert Decimal(shown.replace(",", "")) == amount
    assert general(amount) == compile_format("General").show(str(amount))


@given(st.floats(-1e12, 1e12))
def test_a_binary_number_is_shown_as_its_fifteen_digits(number):
    digits = Decimal(exact(number)).normalize()
    assert len(digits.as_tuple().digits) <= 15
    assert Decimal(compile_format("General").show(exact(number))) == digits


@given(st.text('0#?.,%;@yMdhs:/"\\[]_*E+-$¥年Gneral ', max_size=20), st.decimals(allow_nan=False, allow_infinity=False))
def test_any_format_shows_something(code, number):
    assert isinstance(compile_format(code).show(str(number)), str)
