// How much of a text's length is used, beside every field that has a limit and asks for it.

const countIn = (part) => {
  for (const field of part.querySelectorAll("[data-counter][maxlength]")) countOf(field);
};

const countOf = (field) => {
  const words = document.createElement("p");
  words.className = "counter";
  const count = () => {
    words.textContent = `${field.value.length.toLocaleString(document.documentElement.lang)} / ${field.maxLength.toLocaleString(document.documentElement.lang)}`;
  };
  field.after(words);
  field.addEventListener("input", count);
  count();
};

countIn(document);
document.addEventListener("htmx:afterSwap", ({ target }) => countIn(target));
