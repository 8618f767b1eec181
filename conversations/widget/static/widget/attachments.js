/* The files of a message: photos and recordings in place, everything else as a download. */
import { fill, icon, make } from "./dom.js";

const KILO = 1000;

/** A node with the files of ``message``, or null where there are none. */
export function attachmentsNode({ attachments }, labels) {
  if (!attachments?.length) return null;
  return make("div", "attachments", {}, ...attachments.map((file) => fileNode(file, labels)));
}

/** The files of a message that the server does not have yet; they are there, it is not. */
export function waitingNode(files, labels) {
  if (!files?.length) return null;
  return make("div", "attachments", {}, ...files.map((file) => card(file, sizeOf(file.size, labels), "attachment--waiting", "file")));
}

/** What is said in the recordings of ``message``, for whoever reads instead. */
export function transcriptNodes({ attachments }) {
  const spoken = (attachments ?? []).filter((file) => file.transcript);
  return spoken.map((file) => make("p", "transcript", {}, icon("sound"), make("span", "", {}, file.transcript)));
}

/** What a drawing of the files depends on; links differ every time and change nothing. */
export function lookOf({ attachments }) {
  return (attachments ?? []).map((file) => [file.id, file.status, file.error, file.transcript]);
}

function fileNode(file, labels) {
  if (file.status === "fetching") return card(file, labels.on_its_way, "attachment--waiting", "clock");
  if (file.status === "failed") return card(file, file.error || labels.not_arrived, "attachment--failed", "warning");
  if (file.kind === "image") return photo(file);
  if (file.kind === "audio") {
    return make("audio", "attachment__player", { controls: true, preload: "none", src: file.url, "aria-label": file.name });
  }
  const link = card(file, sizeOf(file.size, labels), "", "file", "a");
  return open(link, file);
}

function photo(file) {
  const image = make("img", "", { src: file.thumbnail_url ?? file.url, alt: file.name, width: 120, height: 88, loading: "lazy" });
  return open(make("a", "photo", {}, image), file);
}

function open(link, file) {
  for (const [name, value] of [["href", file.url], ["target", "_blank"], ["rel", "noopener"]]) link.setAttribute(name, value);
  return link;
}

function card(file, info, look, sign, tag = "span") {
  const words = make("span", "", {}, make("span", "attachment__name", {}, file.name), make("span", "attachment__info", {}, info));
  return make(tag, `attachment ${look}`.trim(), {}, make("span", "attachment__type", {}, icon(sign)), words);
}

/** The size of a file in words. */
export function sizeOf(size, labels) {
  if (size < KILO ** 2) return fill(labels.kilobytes, { count: Math.max(1, Math.round(size / KILO)) });
  return fill(labels.megabytes, { count: (size / KILO ** 2).toFixed(1) });
}
