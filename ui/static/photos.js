// Photos on their way to the shop: dropped, and made smaller where a phone made them large.

const SMALL_BYTES = 1_500_000;
const LONGEST_PX = 2048;
const QUALITY = 0.9;

// The shop keeps photos at this size anyway, so a smaller copy loses nothing and is sent sooner.
export async function shrunk(file) {
  if (file.size <= SMALL_BYTES || !file.type.startsWith("image/") || file.type === "image/gif") return file;
  // What the browser cannot read, the shop looks at and says what is wrong with it.
  const pixels = await createImageBitmap(file).catch(() => null);
  if (!pixels) return file;
  const scale = Math.min(1, LONGEST_PX / Math.max(pixels.width, pixels.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(pixels.width * scale));
  canvas.height = Math.max(1, Math.round(pixels.height * scale));
  const pencil = canvas.getContext("2d");
  pencil.fillStyle = "white";
  pencil.fillRect(0, 0, canvas.width, canvas.height);
  pencil.drawImage(pixels, 0, 0, canvas.width, canvas.height);
  pixels.close();
  const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return smaller && smaller.size < file.size ? smaller : file;
}

// `onFiles` gets what is dropped anywhere on the chat. A page that is dropped beside it must not be opened in its place.
export function setUpDrop(target, onFiles) {
  let inside = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (by) => {
    inside = Math.max(0, inside + by);
    target.classList.toggle("dropping", inside > 0);
  };
  target.addEventListener("dragenter", (event) => carries(event) && (event.preventDefault(), mark(1)));
  target.addEventListener("dragleave", (event) => carries(event) && mark(-1));
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(-inside);
    if (target.contains(event.target)) onFiles(event.dataTransfer.files);
  });
}
