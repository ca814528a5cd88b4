// Draws a table of the page: <figure class="chart" data-chart="bar" data-table="ID" data-words="COLUMN" data-numbers="COLUMNS">.
// The table stays; it is the same data for those who cannot see a chart.
(() => {
  "use strict";

  const column = (table, name) => [...table.tHead.rows[0].cells].findIndex((cell) => cell.dataset.column === name);
  const number = (cell) => cell.dataset.value === "" ? null : Number(cell.dataset.value);

  const read = (figure) => {
    const table = document.getElementById(figure.dataset.table);
    const rows = [...table.tBodies[0].rows];
    const words = column(table, figure.dataset.words);
    const year = column(table, "year");
    const names = column(table, "name");
    const text = (row, at, any) => at < 0 || (at === words && !any) ? "" : row.cells[at].textContent.trim();
    const several = (at) => at >= 0 && at !== words && new Set(rows.map((row) => text(row, at))).size > 1;
    const label = (row) => [row.cells[words].textContent.trim(), several(names) && text(row, names), several(year) && text(row, year)].filter(Boolean).join(" · ");
    const given = figure.dataset.numbers.split(" ");
    if (figure.dataset.chart === "sankey") {
      const [to, amount] = given.map((name) => column(table, name));
      const cells = (at) => rows.map((row) => row.cells[at].textContent.trim());
      return { labels: cells(words), targets: cells(to), series: [{ data: rows.map((row) => number(row.cells[amount])) }] };
    }
    // Several years: a bar for each of them beside the others.
    if (figure.dataset.chart === "bar" && given.length === 1 && several(year)) {
      const at = column(table, given[0]);
      const labels = [...new Set(rows.map((row) => text(row, words, true)))];
      const years = [...new Set(rows.map((row) => text(row, year)))].sort();
      const value = (label, of) => rows.find((row) => text(row, words, true) === label && text(row, year) === of);
      const data = (of) => labels.map((label) => { const row = value(label, of); return row ? number(row.cells[at]) : null; });
      return { labels, series: years.map((of) => ({ name: of, data: data(of) })) };
    }
    const series = given.map((name) => {
      const at = column(table, name);
      return { name: table.tHead.rows[0].cells[at].textContent, data: rows.map((row) => number(row.cells[at])) };
    });
    return { labels: rows.map(label), series };
  };

  const options = {
    bar: ({ labels, series }) => ({
      grid: { containLabel: true, left: 8, right: 46, top: series.length > 1 ? 36 : 10, bottom: 10 },
      legend: series.length > 1 ? { top: 0 } : undefined,
      tooltip: { renderMode: "richText", trigger: "axis" },
      xAxis: { type: "value", axisLabel: { hideOverlap: true } },
      yAxis: { type: "category", inverse: true, data: labels, axisLabel: { width: innerWidth < 700 ? 110 : 260, overflow: "truncate" } },
      series: series.map((each) => ({ type: "bar", ...each })),
    }),
    sankey: ({ labels, targets, series }) => {
      const links = labels.map((source, i) => ({ source, target: targets[i], value: series[0].data[i] }));
      const names = [...new Set(links.flatMap((link) => [link.source, link.target]))];
      return {
        tooltip: { renderMode: "richText" },
        series: [{
          type: "sankey", left: 10, right: innerWidth < 700 ? 80 : 180, top: 10, bottom: 10, nodeAlign: "left", nodeGap: 12,
          data: names.map((name) => ({ name })), links, lineStyle: { color: "source", opacity: 0.35 },
        }],
      };
    },
    treemap: ({ labels, series }) => ({
      tooltip: { renderMode: "richText" },
      series: [{
        type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0,
        data: labels.map((name, i) => ({ name, value: series[0].data[i] })).filter((each) => each.value > 0),
      }],
    }),
  };

  const save = (figure, label, name, address) => {
    const link = document.createElement("a");
    link.textContent = label;
    link.href = "#";
    link.download = name;
    link.className = "save";
    link.addEventListener("click", () => { link.href = address(); });
    figure.append(link, " ");
  };

  document.querySelectorAll("figure.chart").forEach((figure) => {
    const data = read(figure);
    const canvas = document.createElement("div");
    canvas.className = "canvas";
    canvas.style.height = figure.dataset.chart === "bar" ? `${Math.min(900, 70 + 26 * data.labels.length * data.series.length)}px` : "380px";
    figure.append(canvas);
    const prefers = matchMedia("(prefers-color-scheme: dark)");
    let dark, chart;
    const draw = (inDark) => {
      chart?.dispose();
      dark = inDark;
      chart = echarts.init(canvas, dark ? "dark" : null, { renderer: "svg" });
      chart.setOption({ animation: false, backgroundColor: "transparent", aria: { enabled: true }, ...options[figure.dataset.chart](data) });
    };
    draw(prefers.matches);
    new ResizeObserver(() => chart.resize()).observe(canvas);
    // Paper is white.
    addEventListener("beforeprint", () => draw(false));
    addEventListener("afterprint", () => draw(prefers.matches));
    const svg = () => URL.createObjectURL(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }));
    const png = () => {
      const copy = echarts.init(document.createElement("div"), null, { renderer: "canvas", width: canvas.clientWidth, height: canvas.clientHeight, devicePixelRatio: 2 });
      copy.setOption({ ...chart.getOption(), backgroundColor: dark ? "#14181f" : "#fff" });
      const address = copy.getDataURL({ type: "png" });
      copy.dispose();
      return address;
    };
    save(figure, figure.dataset.svg, "chart.svg", svg);
    save(figure, figure.dataset.png, "chart.png", png);
  });
})();
