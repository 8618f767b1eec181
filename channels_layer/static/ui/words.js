/** Sentences for people, translated by the server in `<template data-words>`. */
import { fill, plural } from "./format.js";

const words = new Map();
for (const template of document.querySelectorAll("template[data-words]")) {
  for (const word of template.content.querySelectorAll("[data-word]")) {
    words.set(word.dataset.word, word.textContent);
  }
}

/** The sentence `key`, with `{name}` filled from `values`. */
export function say(key, values = {}) {
  return fill(words.get(key) ?? key, values);
}

/** Like `say`, choosing `key_one` where the language does for this number. */
export function count(key, number, values = {}) {
  return plural({ one: words.get(`${key}_one`), other: words.get(key) ?? key }, number, values);
}
