/** Sentences for people, translated by the server in `<template data-words>`. */

const words = new Map();
for (const template of document.querySelectorAll("template[data-words]")) {
  for (const word of template.content.querySelectorAll("[data-word]")) {
    words.set(word.dataset.word, word.textContent);
  }
}

/** The sentence `key`, with `{name}` filled from `values`. */
export function say(key, values = {}) {
  const sentence = words.get(key) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Like `say`, choosing `key_one` for exactly one. */
export function count(key, number, values = {}) {
  return say(number === 1 ? `${key}_one` : key, { count: number, ...values });
}
