// Hides the rows of a table that do not hold all the words typed: <input data-filters="ID OF THE TABLE">.
document.querySelectorAll("input[data-filters]").forEach((input) => {
  input.closest(".filter").hidden = false;
  const rows = [...document.getElementById(input.dataset.filters).querySelectorAll("tbody tr:not(.group)")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, i) => { row.hidden = !words.every((word) => texts[i].includes(word)); });
  });
});
