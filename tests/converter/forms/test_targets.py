"""The grammar of published values: every kind of string that publications print."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.forms.targets import QUALITATIVE, parse_target
from budgetgraph.converter.forms.units import units

#: text: comparator, value, unit as printed, minimum, maximum, normalised unit. A trailing "?" is an implied comparator.
QUANTITATIVE = """
≥98%                     | ge  | 98        | %        | 0.98    |          | UNITLESS
≥98％                    | ge  | 98        | %        | 0.98    |          | UNITLESS
≧30                      | ge  | 30        |          | 30      |          |
≥ 3                      | ge  | 3         |          | 3       |          |
≥3                       | ge  | 3         |          | 3       |          |
≥1 次                    | ge  | 1         | 次       | 1       |          | 次
≥1000 件                 | ge  | 1000      | 件       | 1000    |          | 件
≥1000 条目               | ge  | 1000      | 条目     | 1000    |          | 条目
≥1000 条                 | ge  | 1000      | 条       | 1000    |          | 条
≥1,000件                 | ge  | 1000      | 件       | 1000    |          | 件
≥1290.3平方米            | ge  | 1290.3    | 平方米   | 1290.3  |          | M2
≥13459.00(平方米)        | ge  | 13459.00  | 平方米   | 13459.00 |         | M2
≥80.00(%)                | ge  | 80.00     | %        | 0.8000  |          | UNITLESS
≥80.00（%）              | ge  | 80.00     | %        | 0.8000  |          | UNITLESS
≥0.97比例                | ge  | 0.97      | 比例     | 0.97    |          | UNITLESS
≥98百分比                | ge  | 98        | 百分比   | 0.98    |          | UNITLESS
≥100%                    | ge  | 100       | %        | 1.00    |          | UNITLESS
>=60000人                | ge  | 60000     | 人       | 60000   |          | 人
>=530元/人*月            | ge  | 530       | 元/人*月 | 530     |          | 元/人*月
>=85                     | ge  | 85        |          | 85      |          |
＞＝85                   | ge  | 85        |          | 85      |          |
大于等于 98 %            | ge  | 98        | %        | 0.98    |          | UNITLESS
不低于50%                | ge  | 50        | %        | 0.50    |          | UNITLESS
不少于100人              | ge  | 100       | 人       | 100     |          | 人
不小于3次                | ge  | 3         | 次       | 3       |          | 次
不得低于90%              | ge  | 90        | %        | 0.90    |          | UNITLESS
至少1次                  | ge  | 1         | 次       | 1       |          | 次
至少 1 次                | ge  | 1         | 次       | 1       |          | 次
80%以上                  | ge  | 80        | %        | 0.80    |          | UNITLESS
95%及以上                | ge  | 95        | %        | 0.95    |          | UNITLESS
95%（含）以上            | text
90分以上                 | ge  | 90        | 分       | 90      |          | 分
达到95%以上              | ge  | 95        | %        | 0.95    |          | UNITLESS
≥95%以上                 | ge  | 95        | %        | 0.95    |          | UNITLESS
提高10%以上              | ge  | 10        | %        | 0.10    |          | UNITLESS
服务对象满意度不低于80%  | ge  | 80        | %        | 0.80    |          | UNITLESS
群众满意度≥95%           | ge  | 95        | %        | 0.95    |          | UNITLESS
开展至少1次集中培训      | ge  | 1         | 次       | 1       |          | 次
不低于50人次的上门咨询   | ge  | 50        | 人次     | 50      |          | 人次
≥120.00(人次)            | ge  | 120.00    | 人次     | 120.00  |          | 人次
≤1 小时                  | le  | 1         | 小时     |         | 3600     | SEC
≤1小时                   | le  | 1         | 小时     |         | 3600     | SEC
≤3 天                    | le  | 3         | 天       |         | 259200   | SEC
≤10 天                   | le  | 10        | 天       |         | 864000   | SEC
≤30分钟                  | le  | 30        | 分钟     |         | 1800     | SEC
≤5个工作日               | le  | 5         | 个工作日 |         | 5        | 工作日
≤90万元                  | le  | 90        | 万元     |         | 900000   | YUAN
≤620万/月                | le  | 620       | 万/月    |         | 620      | 万/月
≤28.40/株                | le  | 28.40     | /株      |         | 28.40    | /株
≤0%                      | le  | 0         | %        |         | 0.00     | UNITLESS
<=475元/亩               | le  | 475       | 元/亩    |         | 475      | 元/亩
≦5%                      | le  | 5         | %        |         | 0.05     | UNITLESS
小于等于 1               | le  | 1         |          |         | 1        |
不超过41万元             | le  | 41        | 万元     |         | 410000   | YUAN
不高于5%                 | le  | 5         | %        |         | 0.05     | UNITLESS
不超5%                   | le  | 5         | %        |         | 0.05     | UNITLESS
控制在30件以内           | le  | 30        | 件       |         | 30       | 件
控制在12.5万元           | le  | 12.5      | 万元     |         | 125000   | YUAN
30天以内                 | le  | 30        | 天       |         | 2592000  | SEC
2小时之内                | le  | 2         | 小时     |         | 7200     | SEC
5%以下                   | le  | 5         | %        |         | 0.05     | UNITLESS
<24小时                  | lt  | 24        | 小时     |         | 86400    | SEC
<1681680元               | lt  | 1681680   | 元       |         | 1681680  | YUAN
＜3%                     | lt  | 3         | %        |         | 0.03     | UNITLESS
低于5%                   | lt  | 5         | %        |         | 0.05     | UNITLESS
>6.00(次)                | gt  | 6.00      | 次       | 6.00    |          | 次
>150.00(家)              | gt  | 150.00    | 家       | 150.00  |          | 家
超13万元/年              | gt  | 13        | 万元/年  | 13      |          | 万元/年
超过50%                  | gt  | 50        | %        | 0.50    |          | UNITLESS
高于90%                  | gt  | 90        | %        | 0.90    |          | UNITLESS
=100.00(%)               | eq  | 100.00    | %        | 1.0000  | 1.0000   | UNITLESS
=12.00(次)               | eq  | 12.00     | 次       | 12.00   | 12.00    | 次
=5.00(万人次)            | eq  | 5.00      | 万人次   | 50000.00 | 50000.00 | 人次
=22个                    | eq  | 22        | 个       | 22      | 22       | 个
=46.16万元               | eq  | 46.16     | 万元     | 461600.00 | 461600.00 | YUAN
等于 100 %               | eq  | 100       | %        | 1.00    | 1.00     | UNITLESS
＝1次                    | eq  | 1         | 次       | 1       | 1        | 次
100%                     | eq? | 100       | %        | 1.00    | 1.00     | UNITLESS
５０％                   | eq? | 50        | %        | 0.50    | 0.50     | UNITLESS
98%。                    | eq? | 98        | %        | 0.98    | 0.98     | UNITLESS
100百分比                | eq? | 100       | 百分比   | 1.00    | 1.00     | UNITLESS
-0%                      | eq? | 0         | %        | 0.00    | 0.00     | UNITLESS
5‰                       | eq? | 5         | ‰        | 0.005   | 0.005    | UNITLESS
1次                      | eq? | 1         | 次       | 1       | 1        | 次
1000 件                  | eq? | 1000      | 件       | 1000    | 1000     | 件
1次/月                   | eq? | 1         | 次/月    | 1       | 1        | 次/月
485条                    | eq? | 485       | 条       | 485     | 485      | 条
985米                    | eq? | 985       | 米       | 985     | 985      | M
2.5公里                  | eq? | 2.5       | 公里     | 2500.0  | 2500.0   | M
13969.56标箱             | eq? | 13969.56  | 标箱     | 13969.56 | 13969.56 | 标箱
80M                      | eq? | 80        | M        | 80      | 80       | M
250万                    | eq? | 250       | 万       | 250     | 250      | 万
780元/生/年              | eq? | 780       | 元/生/年 | 780     | 780      | 元/生/年
5人/10万人               | eq? | 5         | 人/10万人 | 5      | 5        | 人/10万人
90.00(度)                | eq? | 90.00     | 度       | 90.00   | 90.00    | 度
3个月                    | eq? | 3         | 个月     | 3       | 3        | MO
1年                      | eq? | 1         | 年       | 1       | 1        | YR
3个百分点                | eq? | 3         | 个百分点 | 3       | 3        | 百分点
85                       | eq? | 85        |          | 85      | 85       |
1,234,567.80元           | eq? | 1234567.80 | 元      | 1234567.80 | 1234567.80 | YUAN
1680.00(次)              | eq? | 1680.00   | 次       | 1680.00 | 1680.00  | 次
2000.00(次)              | eq? | 2000.00   | 次       | 2000.00 | 2000.00  | 次
满意率100%               | eq? | 100       | %        | 1.00    | 1.00     | UNITLESS
可控性100%               | eq? | 100       | %        | 1.00    | 1.00     | UNITLESS
完成率达到98%            | eq? | 98        | %        | 0.98    | 0.98     | UNITLESS
完成12次                 | eq? | 12        | 次       | 12      | 12       | 次
达到12次                 | eq? | 12        | 次       | 12      | 12       | 次
292%                     | eq? | 292       | %        | 2.92    | 2.92     | UNITLESS
2280次                   | eq? | 2280      | 次       | 2280    | 2280     | 次
88100                    | eq? | 88100     |          | 88100   | 88100    |
"""

RANGES = """
45%-60%      | 45  | 60 | %  | 0.45  | 0.60 | UNITLESS
45-60%       | 45  | 60 | %  | 0.45  | 0.60 | UNITLESS
45%～60%     | 45  | 60 | %  | 0.45  | 0.60 | UNITLESS
45%—60%      | 45  | 60 | %  | 0.45  | 0.60 | UNITLESS
14-24℃       | 14  | 24 | ℃  | 14    | 24   | DEG_C
1至2次       | 1   | 2  | 次 | 1     | 2    | 次
3--5个       | 3   | 5  | 个 | 3     | 5    | 个
2-4小时      | 2   | 4  | 小时 | 7200 | 14400 | SEC
±3%以内      | -3  | 3  | %  | -0.03 | 0.03 | UNITLESS
"""

TEXTS = """
满意 有效促进 工作一线单位 根据工作需要 及时 可控 健全 提升 优良 好坏 是/否 是 巩固提高 應保盡保 达标 及时率 完善率
满意度 无 零 合规 不超预算 ≥% ≧% ≥ % 公里 慰问人数不少于100人,宣传用品不少于20000份 ≥98%，≤100% ≥80%以下 ≥≥5 ≥5≥3
95%左右 约50人 1/3 1,00件 1.2.3% 60-50% 2020年1月--2020年11月 2023.07-2024.01 2021.12 2021-12-31 2021/12/31
11月底之前 12月 12月底前 6月30日前 2021年12月31日前 2021年 2021-2023 10≥266米≥266米10 102370人2370人
%=99百分比 二100百分比 达到预计值210010 每年1次 下降5% 三次 5A级 一等奖 100%(优) 居民区全覆盖 第3名 24小时值班
3类5项 不低于 以上 5+3次
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@pytest.mark.parametrize("row", rows(QUANTITATIVE), ids=lambda row: row[0])
def test_quantitative(row: list[str]) -> None:
    if row[1] == "text":
        assert parse_target(row[0]) == QUALITATIVE
        return
    text, comparator, value, unit, minimum, maximum, normalised = row
    parsed = parse_target(text)
    assert parsed.kind == "quantitative"
    assert (parsed.comparator, parsed.implied) == (comparator.rstrip("?"), comparator.endswith("?"))
    assert (str(parsed.value), parsed.unit) == (value, unit)
    assert (parsed.minimum, parsed.maximum) == (number(minimum), number(maximum))
    assert parsed.normalised_unit == (normalised or None)


@pytest.mark.parametrize("row", rows(RANGES), ids=lambda row: row[0])
def test_range(row: list[str]) -> None:
    text, low, high, unit, minimum, maximum, normalised = row
    parsed = parse_target(text)
    assert (parsed.kind, parsed.comparator, parsed.implied) == ("quantitative", "between", False)
    assert (parsed.value, parsed.upper_value, parsed.unit) == (Decimal(low), Decimal(high), unit)
    assert (parsed.minimum, parsed.maximum) == (Decimal(minimum), Decimal(maximum))
    assert parsed.normalised_unit == normalised


@pytest.mark.parametrize("text", [*TEXTS.split(), "工作 一线 单位", "", "  ", "及时\n完成"])
def test_what_does_not_parse_as_a_whole_is_text(text: str) -> None:
    assert parse_target(text) == QUALITATIVE


@pytest.mark.parametrize("text", ["全年", "长期", "全程", "全 年", "常年", "持续"])
def test_whole_period(text: str) -> None:
    assert parse_target(text).kind == "completeness"


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "expected"),
    [
        ("95", "%", "≥", ("ge", "0.95", "UNITLESS")),
        ("95%", "", "≥", ("ge", "0.95", "UNITLESS")),
        ("95%", "％", "", ("eq", "0.95", "UNITLESS")),
        ("5", "万人次", "大于等于", ("ge", "50000", "人次")),
        ("3", "小时", ">", ("gt", "10800", "SEC")),
    ],
)
def test_unit_and_comparator_in_columns_of_their_own(
    value: str, unit: str, comparator: str, expected: tuple[str, str, str]
) -> None:
    parsed = parse_target(value, unit, comparator)
    assert (parsed.comparator, str(parsed.minimum), parsed.normalised_unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "comparator"),
    [("28.8万元", "%", "="), ("5人/10万人", "%", "="), ("≤3", "天", "≥"), ("好", "", "定性")],
)
def test_value_that_contradicts_its_columns_is_text(value: str, unit: str, comparator: str) -> None:
    assert parse_target(value, unit, comparator) == QUALITATIVE


SIGNS = {
    "ge": ["≥", ">=", "不低于", "至少"],
    "le": ["≤", "<=", "不超过"],
    "gt": [">", "超过"],
    "lt": ["<"],
    "eq": ["="],
}


@given(
    comparator=st.sampled_from(sorted(SIGNS)),
    sign=st.integers(0, 3),
    value=st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=2),
    separators=st.booleans(),
    unit=st.sampled_from([*sorted(units().words), ""]),
    blank=st.sampled_from(["", " "]),
)
def test_composed_values_come_back(
    comparator: str, sign: int, value: Decimal, separators: bool, unit: str, blank: str
) -> None:
    signs = SIGNS[comparator]
    printed = f"{value:,}" if separators else f"{value}"
    parsed = parse_target(f"{signs[sign % len(signs)]}{blank}{printed}{blank}{unit}")
    if unit and parsed == QUALITATIVE:  # a word that is no unit behind a number: "3月" is a date, 3级 a rank
        assert unit in {"月", "年", "年度"} or "月" in unit or "季" in unit
        return
    assert (parsed.comparator, parsed.value, parsed.implied) == (comparator, value, False)
    known = units().find(unit)
    bounds = [bound for bound in (parsed.minimum, parsed.maximum) if bound is not None]
    assert bounds
    assert all(bound == value * (known.factor if known else 1) for bound in bounds)


@given(st.text(alphabet="0123456789.,%≥≤<>=-~±()次天小时万元以上不低于至少/ ", max_size=14))
def test_no_number_comes_out_that_is_not_printed(text: str) -> None:
    parsed = parse_target(text)
    for value in (parsed.value, parsed.upper_value):
        if value is not None:
            digits = "".join(c for c in text if c.isdigit() or c == ".")
            assert f"{abs(value)}" in digits.lstrip("0") or f"{abs(value)}" in digits or value == 0
    if parsed.minimum is not None and parsed.maximum is not None:
        assert parsed.minimum <= parsed.maximum
