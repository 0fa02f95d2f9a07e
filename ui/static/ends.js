// Boxes that are read from their end, as a chat is: whoever scrolled back is left there.

const NEAR_PX = 120;

// Draws something into a box that scrolls; `always` goes to the end wherever its reader is.
export function drawInto(box, draw, always = false) {
  const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
  draw();
  if (near || always) box.scrollTop = box.scrollHeight;
}
