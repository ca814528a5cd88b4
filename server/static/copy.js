// A button on every piece of code that copies it.
document.querySelectorAll("details > pre").forEach((code) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = document.documentElement.lang === "en" ? "Copy" : "复制";
  button.addEventListener("click", () => navigator.clipboard.writeText(code.textContent));
  code.before(button);
});
