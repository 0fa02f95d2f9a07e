// Fields: for a message, which Enter sends, and for what to look for.

const TYPED_MS = 250;

// Looks once somebody has stopped typing.
export function lookWhenTyped(field, look) {
  let waiting;
  field.addEventListener("input", () => (clearTimeout(waiting), (waiting = setTimeout(look, TYPED_MS))));
}

export function sendByEnter(field, send) {
  field.addEventListener("keydown", (event) => {
    // While a Korean syllable is being composed, Enter ends the syllable and not the message.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
}

// It grows with what is in it, as far as its style lets it.
export function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
