/* The files of a message: photos and recordings in place, everything else as a download. */
import { plural, size } from "../ui/format.js";
import { renewable } from "../ui/lightbox.js";
import { fitted } from "../ui/pictures.js";
import { icon, make } from "./dom.js";

const SIDE = 220; // pixels of a picture, about

/** Return a node with the files of ``message``, or null; ``renew`` fetches one anew by its id. */
export function attachmentsNode({ attachments }, { labels, renew }) {
  if (!attachments?.length) return null;
  return make("div", "attachments", {}, ...attachments.map((file) => fileNode(file, { labels, renew })));
}

/** Return a node with the files of a message that the server does not have yet. */
export function waitingNode(files) {
  if (!files?.length) return null;
  return make("div", "attachments", {}, ...files.map((file) => card(file, size(file.size), "attachment--waiting", "file")));
}

/** Return the transcripts of the recordings of ``message``, for visitors who read. */
export function transcriptNodes({ attachments }) {
  const spoken = (attachments ?? []).filter((file) => file.transcript);
  return spoken.map((file) => make("p", "transcript", {}, icon("sound"), make("span", "", {}, file.transcript)));
}

/** Return what the drawing of files depends on; links differ every time and change nothing. */
export function signatureOf({ attachments }) {
  return (attachments ?? []).map((file) => [file.id, file.status, file.error, file.transcript]);
}

function fileNode(file, { labels, renew }) {
  if (file.status === "fetching") return card(file, labels.on_its_way, "attachment--waiting", "clock");
  if (file.status === "failed") return card(file, labels.not_arrived, "attachment--failed", "warning");
  if (file.kind === "image") return photo(file, { labels, renew });
  if (file.kind === "audio" && document.createElement("audio").canPlayType(file.content_type)) {
    const player = make("audio", "attachment__player", { controls: true, preload: "none", src: file.url, "aria-label": file.name });
    return renewed(player, () => renew(file.id).then((fresh) => fresh.url));
  }
  const link = card(file, size(file.size), "", "file", "a");
  return open(link, file, renew);
}

function photo(file, { labels, renew }) {
  const { width, height } = fitted(file, SIDE);
  const isMoving = file.motion === "moving";
  const shown = (one) => (isMoving ? one.preview_url : (one.thumbnail_url ?? one.url));
  const image = make("img", "", { src: shown(file), alt: file.description ?? file.name, width, height, loading: "lazy" });
  renewed(image, () => renew(file.id).then(shown));
  const still = isMoving ? make("source", "", { media: "(prefers-reduced-motion: reduce)", srcset: file.thumbnail_url }) : null;
  const link = make("a", "photo", { target: "_blank", rel: "noopener", "aria-haspopup": "dialog", "data-picture": file.id }, make("picture", "", {}, still, image), mark(file, labels));
  address(link, file);
  renewable(link, () => renew(file.id).then((fresh) => address(link, fresh)));
  return link;
}

/** Give a picture's link the addresses of the picture, its pages and its file. */
export function address(link, file) {
  link.href = file.preview_url ?? file.url;
  Object.assign(link.dataset, { name: file.name, info: size(file.size), file: file.original_url ?? file.url });
  if (!file.page_count) return;
  Object.assign(link.dataset, { pageCount: file.page_count, pages: file.pages.map(({ url }) => url).join(" ") });
}

/** Return what is to be said of a picture that is not all of its file, or moves only when asked to. */
function mark(file, labels) {
  if (file.page_count) return make("span", "photo__mark", {}, plural(labels.pages, file.page_count));
  if (file.motion === "still") return make("span", "photo__mark", {}, labels.still);
  if (file.motion === "moving") return make("span", "photo__mark photo__mark--play", {}, icon("play", "icon icon--xs"), labels.play);
  return null;
}

/** Load files whose link has expired by a new one, once for each. */
export function renewed(media, ask) {
  media.addEventListener("error", () => {
    if (hasExpired(media.src)) ask().then((url) => (media.src = url), () => {});
  });
  return media;
}

function open(link, file, renew) {
  for (const [name, value] of [["href", file.url], ["target", "_blank"], ["rel", "noopener"]]) link.setAttribute(name, value);
  link.addEventListener("click", (event) => {
    if (!hasExpired(link.href)) return;
    event.preventDefault();
    renew(file.id).then((fresh) => {
      link.href = fresh.url;
      window.open(link.href, "_blank", "noopener");
    }, () => {}); // Without a connection, the next click tries again.
  });
  return link;
}

/** Return whether the link has expired; a page may stay open for longer than its links. */
function hasExpired(url) {
  return Number(new URL(url).searchParams.get("until") ?? Infinity) * 1000 < Date.now();
}

function card(file, info, modifier, sign, tag = "span") {
  const words = make("span", "", {}, make("span", "attachment__name", {}, file.name), make("span", "attachment__info", {}, info));
  return make(tag, `attachment ${modifier}`.trim(), {}, make("span", "attachment__type", {}, icon(sign)), words);
}
