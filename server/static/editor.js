// The SPARQL editor: YASGUI over the form of the page, which stays for browsers without scripts.
(() => {
  "use strict";

  const place = document.getElementById("editor");
  const { Yasqe, Yasr } = Yasgui;
  let terms = [];
  let prefixes = {};
  fetch(place.dataset.vocabulary)
    .then((response) => response.json())
    .then((told) => {
      prefixes = told.prefixes;
      terms = told.terms.map((term) => ({ name: term.name, words: term.words.toLowerCase() }));
    });

  /* Completion by local name or label, in Chinese or English. The word before the cursor is cut out here, because
     the editor's own tokens end after each Chinese character. */
  const wordBefore = (yasqe) => {
    const cursor = yasqe.getDoc().getCursor();
    const word = yasqe.getDoc().getLine(cursor.line).slice(0, cursor.ch).match(/[^\s?$<>{}()"'#;,|^]*$/)[0];
    return { word, from: { line: cursor.line, ch: cursor.ch - word.length }, to: cursor };
  };
  Yasqe.registerAutocompleter({
    name: "vocabulary",
    bulk: false,
    autoShow: true,
    persistenceId: null,
    isValidCompletionPosition: (yasqe) => {
      const { word, from } = wordBefore(yasqe);
      const before = yasqe.getDoc().getLine(from.line).slice(0, from.ch);
      return /[?$"'<#]$/.test(before) ? false : /[^\x00-\x7f]|\w{2}/.test(word);
    },
    get: (yasqe) => {
      const asked = wordBefore(yasqe).word.toLowerCase();
      const found = terms.filter((term) => term.words.includes(asked));
      const begins = (term) => term.name.toLowerCase().startsWith(asked) || term.words.includes(` ${asked}`);
      return found.sort((a, b) => begins(b) - begins(a)).map((term) => term.name);
    },
    postprocessHints: (yasqe, hints) => hints.map((hint) => ({
      ...hint,
      hint: () => {
        const { from, to } = wordBefore(yasqe);
        const prefix = hint.text.split(":")[0];
        yasqe.getDoc().replaceRange(hint.text, from, to);
        yasqe.addPrefixes({ [prefix]: prefixes[prefix] });
      },
    })),
  }, false);
  Yasqe.defaults.autocompleters = ["variables", "vocabulary"];
  Yasqe.defaults.resizeable = true;
  Yasr.plugins.table.defaults.tableConfig.pageLength = 50;
  Yasr.registerPlugin("chart", window.ChartPlugin, true);
  Yasr.defaults.pluginOrder = ["table", "chart", "boolean", "response"];

  const field = document.getElementById("query");
  const given = new URLSearchParams(location.search).has("query");
  document.getElementById("plain").hidden = true;
  place.hidden = false;
  const yasgui = new Yasgui(place, {
    autofocus: false,
    persistenceId: given ? null : "budgetgraph",
    populateFromUrl: false,
    endpointCatalogueOptions: { getData: () => [], keys: [], renderItem: () => {} },
    requestConfig: { endpoint: new URL(place.dataset.endpoint, location.href).href, method: "GET" },
  });
  const name = () => {
    place.querySelectorAll(".CodeMirror textarea").forEach((area) => area.setAttribute("aria-label", place.dataset.label));
    place.querySelectorAll(".CodeMirror-scroll").forEach((area) => area.setAttribute("tabindex", "0"));
    place.querySelectorAll(".addTab").forEach((button) => button.setAttribute("role", "tab"));
  };
  name();
  const open = (query) => {
    const tab = yasgui.getTab();
    tab.setQuery(query);
    Object.keys(tab.getYasqe().getPrefixesFromQuery()).length && tab.getYasqe().collapsePrefixes(true);
    return tab;
  };

  /* A permalink is the page's own address with the query, which works with and without scripts. */
  const link = (query, format) => {
    const address = new URL(place.dataset.endpoint, location.href);
    address.searchParams.set("query", query);
    if (format) address.searchParams.set("format", format);
    return address;
  };
  const refresh = () => {
    const query = yasgui.getTab().getQuery();
    const isGraph = ["CONSTRUCT", "DESCRIBE"].includes(yasgui.getTab().getYasqe().getQueryType());
    document.querySelectorAll("[data-graph]").forEach((line) => { line.hidden = (line.dataset.graph === "true") !== isGraph; });
    document.querySelectorAll("a[data-format]").forEach((a) => { a.href = link(query, a.dataset.format).href; });
  };
  const watch = (tab) => {
    tab.getYasqe().on("change", refresh);
    tab.getYasqe().on("query", () => history.replaceState(null, "", link(tab.getQuery())));
  };
  watch(yasgui.getTab());
  yasgui.on("tabSelect", () => setTimeout(() => { watch(yasgui.getTab()); refresh(); name(); }));
  if (given || yasgui.getTab().getQuery() === Yasqe.defaults.value) open(field.value);
  if (given) yasgui.getTab().query();
  refresh();

  document.querySelectorAll("a[data-query]").forEach((a) => {
    a.addEventListener("click", (event) => {
      event.preventDefault();
      open(a.dataset.query).query();
      place.scrollIntoView({ block: "start" });
    });
  });
})();
