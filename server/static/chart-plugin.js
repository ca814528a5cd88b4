// A view of query results: the first column of words against the columns of numbers. YASR plugin over ECharts.
(() => {
  "use strict";

  const NUMERIC = /#(decimal|integer|double|float|int|long|gYear)$/;
  const KINDS = ["bar", "line", "pie"];
  let echarts;

  const load = (address) => echarts || (echarts = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  }));
  const isNumeric = (rows, name) => rows.some((row) => row[name])
    && rows.every((row) => !row[name] || NUMERIC.test(row[name].datatype || ""));
  const shortened = (cell) => cell.type === "uri" ? decodeURIComponent(cell.value).replace(/^.*[/#]/, "") : cell.value;

  window.ChartPlugin = class {
    constructor(yasr) {
      this.yasr = yasr;
      this.kind = "bar";
      this.priority = 4;
      this.label = document.getElementById("editor").dataset.chart;
    }

    getIcon() {
      const icon = document.createElement("span");
      icon.textContent = "▥";
      return icon;
    }

    columns() {
      const rows = this.yasr.results.getBindings() || [];
      const names = this.yasr.results.getVariables() || [];
      const numbers = names.filter((name) => isNumeric(rows, name) && !rows.some((row) => /#gYear$/.test(row[name]?.datatype || "")));
      const words = names.filter((name) => !numbers.includes(name) && rows.some((row) => row[name]));
      const literal = words.filter((name) => rows.every((row) => !row[name] || row[name].type !== "uri"));
      return { rows, numbers, words: literal.length ? literal : words };
    }

    canHandleResults() {
      if (!this.yasr.results || this.yasr.results.getType() !== "json" && !this.yasr.results.getBindings()) return false;
      const { rows, numbers, words } = this.columns();
      return rows.length > 0 && numbers.length > 0 && words.length > 0;
    }

    async draw() {
      const { rows, numbers, words } = this.columns();
      const chosen = document.createElement("div");
      chosen.className = "chart-kinds";
      const canvas = document.createElement("div");
      canvas.className = "chart";
      this.yasr.resultsEl.replaceChildren(chosen, canvas);
      const { dataset } = document.getElementById("editor");
      const library = await load(dataset.echarts);
      const chart = library.init(canvas, null, { renderer: "svg" });
      new ResizeObserver(() => chart.resize()).observe(canvas);
      const categories = rows.map((row) => words.map((name) => row[name] ? shortened(row[name]) : "").join(" · "));
      const show = () => chart.setOption(this.option(rows, categories, numbers), true);
      for (const kind of KINDS) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = dataset[kind];
        button.addEventListener("click", () => { this.kind = kind; show(); });
        chosen.append(button);
      }
      const download = document.createElement("button");
      download.type = "button";
      download.textContent = "SVG";
      download.addEventListener("click", () => {
        const a = document.createElement("a");
        a.href = URL.createObjectURL(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }));
        a.download = "chart.svg";
        a.click();
      });
      chosen.append(download);
      show();
    }

    option(rows, categories, numbers) {
      const value = (row, name) => row[name] ? Number(row[name].value) : null;
      const common = { tooltip: { renderMode: "richText" }, legend: { type: "scroll", top: 0 }, animation: false };
      if (this.kind === "pie") {
        const data = rows.map((row, i) => ({ name: categories[i], value: value(row, numbers[0]) }));
        return { ...common, series: [{ type: "pie", radius: "65%", data }] };
      }
      return {
        ...common,
        grid: { containLabel: true, left: 10, right: 20, bottom: 10 },
        tooltip: { ...common.tooltip, trigger: "axis" },
        xAxis: { type: "category", data: categories, axisLabel: { interval: "auto", overflow: "truncate", width: 120, rotate: categories.length > 6 ? 40 : 0 } },
        yAxis: { type: "value" },
        series: numbers.map((name) => ({ type: this.kind, name, data: rows.map((row) => value(row, name)) })),
      };
    }
  };
})();
