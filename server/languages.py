"""The two languages of the site: choosing one, and the words of its pages."""

from collections.abc import Iterable, Mapping

from flask import request

from budgetgraph.server.terms import Term

LANGUAGES = ("zh", "en")

WORDS: Mapping[str, tuple[str, str]] = {
    "site": ("部门预算关联数据", "Government budgets as linked data"),
    "home": ("首页", "Home"),
    "query": ("SPARQL 查询", "SPARQL"),
    "ontology": ("词汇表", "Vocabulary"),
    "shapes": ("校验规则", "Shapes"),
    "skip": ("跳到正文", "Skip to content"),
    "other": ("English", "中文"),
    "publications": ("已发布的预算", "Published budgets"),
    "body": ("部门", "Body"),
    "year": ("年度", "Year"),
    "document": ("文件", "Document"),
    "expenditure": ("支出合计（元）", "Expenditure (CNY)"),
    "revenue": ("收入合计（元）", "Revenue (CNY)"),
    "observations": ("数据点", "Observations"),
    "validation": ("校验", "Validation"),
    "conforms": ("相符", "Conforms"),
    "findings": ("条发现", "findings"),
    "not-validated": ("未校验", "Not validated"),
    "no-publication": ("还没有发布任何预算。", "Nothing has been published yet."),
    "examples": ("查询示例", "Example queries"),
    "property": ("属性", "Property"),
    "value": ("值", "Value"),
    "inverse": ("指向本资源", "Referred to by"),
    "cut": ("仅显示前 {} 条；其余请用 SPARQL 查询。", "Only the first {} are shown; use SPARQL for the rest."),
    "formats": ("其他格式", "Other formats"),
    "printed": ("原文", "as printed"),
    "source": ("出处", "source"),
    "row": ("行", "row"),
    "column": ("列", "column"),
    "line": ("文本行", "line"),
    "yuan": ("元", "yuan"),
    "label": ("名称", "Label"),
    "data-set": ("数据表", "Data set"),
    "amount": ("金额（元）", "Amount (CNY)"),
    "release": ("数据发布版本", "Release"),
    "about": (
        "每个数字都可追溯到公开文件里的单元格，并可用 SPARQL 查询。",
        "Every figure leads to the cell of the publication it is printed in, and can be queried by SPARQL.",
    ),
    "your-query": ("查询语句", "Query"),
    "run": ("查询", "Run"),
    "download": ("下载格式", "Download as"),
    "get": ("下载", "Download"),
    "catalogue": ("数据目录", "Catalogue"),
    "state": ("状态", "State"),
    "published": ("已发布", "published"),
    "dumps": ("整库下载", "Dumps"),
    "file": ("文件", "File"),
    "bytes": ("字节", "Bytes"),
    "search": ("搜索", "Search"),
    "search-for": ("部门、科目、项目、指标、文字（可用拼音）", "Body, code, project, indicator or text (pinyin too)"),
    "hits": ("找到 {} 条", "{} found"),
    "all": ("全部", "all"),
    "facet-kind": ("类型", "Kind"),
    "facet-year": ("年度", "Year"),
    "facet-place": ("地区", "Place"),
    "kind-organisation": ("机构", "Organisation"),
    "kind-code": ("科目", "Code"),
    "kind-document": ("文件", "Document"),
    "kind-table": ("表格", "Table"),
    "kind-project": ("项目", "Project"),
    "kind-item": ("项目明细", "Project item"),
    "kind-indicator": ("绩效指标", "Indicator"),
    "kind-term": ("名词解释", "Term explained"),
    "kind-claim": ("文字陈述", "Statement"),
    "as-published": ("公开原表", "As published"),
    "sums-agree": ("勾稽相符", "Sums agree"),
    "tables": ("公开表格", "Tables"),
    "projects": ("项目", "Projects"),
    "targets": ("绩效指标", "Performance targets"),
    "level": ("级次", "Level"),
    "indicator": ("指标", "Indicator"),
    "target": ("指标值", "Target"),
    "filter": ("筛选", "Filter"),
    "more": ("更多选项、代码与下载", "More options, code and downloads"),
    "statements": ("全部陈述", "All statements"),
    "phase-draft": ("草案", "draft"),
    "phase-budget": ("预算", "budget"),
    "phase-adjusted": ("调整预算", "adjusted budget"),
    "phase-executed": ("执行", "executed"),
    "phase-final": ("决算", "final account"),
    "questions": ("常用问题", "Questions"),
    "questions-about": (
        "常用的跨部门问题：填写参数即得答案，同时给出 SPARQL、REST 地址、代码和引用方式。",
        "Common questions: fill in the form for an answer, with its SPARQL, REST address, code and citation.",
    ),
    "ask": ("查询", "Ask"),
    "unit": ("金额单位", "Unit"),
    "unit-yuan": ("元", "CNY"),
    "unit-wan": ("万元", "10,000 CNY"),
    "unit-yi": ("亿元", "100 million CNY"),
    "next-page": ("下一页", "Next page"),
    "open-in-editor": ("在编辑器中打开", "Open in the editor"),
    "reuse": ("在别处使用", "Use it elsewhere"),
    "cite": ("引用", "Cite"),
    "save-svg": ("保存为 SVG", "Save as SVG"),
    "save-png": ("保存为 PNG", "Save as PNG"),
    "chart": ("图表", "Chart"),
    "bar": ("柱状图", "Bars"),
    "line-chart": ("折线图", "Lines"),
    "pie": ("饼图", "Pie"),
    "answer": ("结果", "Answer"),
    "no-rows": ("没有结果。", "No rows."),
    "cut-rows": ("仅显示前 {} 行；其余请下载。", "Only the first {} rows are shown; download the rest."),
    "cut-text": ("仅显示开头部分；其余请下载。", "Only the beginning is shown; download the rest."),
    "does-not-conform": ("不相符", "Does not conform"),
    "classes": ("类", "Classes"),
    "properties": ("属性", "Properties"),
    "individuals": ("其他术语", "Other terms"),
    "domain": ("定义域", "domain"),
    "range": ("值域", "range"),
    "above": ("上位", "below"),
    "rule": ("规则", "Rule"),
    "severity": ("级别", "Severity"),
    "message": ("说明", "Message"),
    "where": ("位置", "Where"),
    "report": ("校验报告", "Validation report"),
    "no-findings": ("没有发现问题。", "Nothing was found."),
    "Violation": ("违反", "Violation"),
    "Warning": ("警告", "Warning"),
    "Info": ("提示", "Info"),
    "error": ("出错了", "Something went wrong"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
}


#: Names of terms that other vocabularies define, whose labels are in no published graph.
COMMON: Mapping[str, tuple[str, str]] = {
    "rdf:type": ("类型", "type"),
    "rdfs:label": ("名称", "label"),
    "rdfs:seeAlso": ("参见", "see also"),
    "skos:prefLabel": ("首选名称", "preferred label"),
    "skos:altLabel": ("其他名称", "other names"),
    "skos:notation": ("代码", "code"),
    "skos:broader": ("上位类", "broader"),
    "skos:inScheme": ("所属代码表", "in scheme"),
    "skos:topConceptOf": ("顶层概念", "top concept of"),
    "skos:definition": ("定义", "definition"),
    "skos:Concept": ("概念", "concept"),
    "dcterms:title": ("标题", "title"),
    "dcterms:identifier": ("标识", "identifier"),
    "dcterms:isPartOf": ("属于", "part of"),
    "dcterms:hasPart": ("包含", "has part"),
    "dcterms:isVersionOf": ("版本所属", "version of"),
    "dcterms:format": ("格式", "format"),
    "dcterms:publisher": ("发布者", "publisher"),
    "dcterms:language": ("语言", "language"),
    "dcterms:spatial": ("地区", "place"),
    "dcat:inSeries": ("所属系列", "in series"),
    "dcat:Dataset": ("数据集", "dataset"),
    "dcat:DatasetSeries": ("数据集系列", "series of datasets"),
    "prov:wasDerivedFrom": ("出处", "derived from"),
    "prov:Entity": ("实体", "entity"),
    "qb:dataSet": ("数据表", "data set"),
    "qb:structure": ("数据结构", "structure"),
    "qb:DataSet": ("数据表", "data set"),
    "qb:Observation": ("数据点", "observation"),
    "org:hasUnit": ("内设机构", "has unit"),
    "org:unitOf": ("所属机构", "unit of"),
    "org:hasSubOrganization": ("下属单位", "subordinate bodies"),
    "org:subOrganizationOf": ("上级单位", "subordinate to"),
    "cv:PublicOrganisation": ("公共机构", "public organisation"),
    "oa:hasSource": ("来源", "source"),
    "oa:hasSelector": ("位置", "place in the source"),
    "oa:start": ("起始字符", "first character"),
    "oa:end": ("结束字符", "behind the last character"),
    "oa:exact": ("原文", "text"),
    "schema:minValue": ("下限", "minimum"),
    "schema:maxValue": ("上限", "maximum"),
}


def common_label(term: Term) -> str | None:
    """Return the name of a term of another vocabulary in the language of this request, if it is a common one."""
    words = COMMON.get(term.short())
    return words[LANGUAGES.index(language())] if words else None


def language() -> str:
    """Return the language of this request: `?lang=`, else what the browser prefers, else Chinese."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def word(key: str) -> str:
    """Return a word of the interface in the language of this request; the key itself when there is none."""
    words = WORDS.get(key)
    return words[LANGUAGES.index(language())] if words else key


def best_label(labels: Iterable[Term]) -> Term | None:
    """Return the label in the language of this request, else in Chinese, else any."""
    wanted = language()
    ranked = sorted(labels, key=lambda t: (t.language != wanted, t.language != "zh", t.value))
    return ranked[0] if ranked else None
