/** Dates, times, numbers, sizes and counted sentences as people read them, in the page's language. */

const HOUR = 3_600;
const KILO = 1_024;

const REGIONS = { en: "en-GB", pt: "pt-PT" }; // where it is not the largest one's
const REGIONAL = /^[a-z]{2,3}(-[a-z]{4})?-([a-z]{2}|\d{3})$/i;
const named = document.documentElement.lang || "en";
const [language] = named.split("-");
const isReaders = "readersRegion" in document.documentElement.dataset;
const ofReader = () => (isReaders ? navigator.languages.find((tag) => REGIONAL.test(tag) && tag.split("-")[0] === language) : null);

/**
 * The form of the page's language, in which the server writes, too, such as en-GB for English; where
 * the page leaves it to its reader, as the region of the browser has it.
 */
export const locale = REGIONAL.test(named) ? named : (ofReader() ?? REGIONS[language] ?? language);

const DAY = { day: "numeric", month: "short" };
const WEEKDAY = { weekday: "long", day: "numeric", month: "long" };
const times = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const shortDays = new Intl.DateTimeFormat(locale, DAY);
const shortDaysOfOtherYears = new Intl.DateTimeFormat(locale, { ...DAY, year: "numeric" });
const days = new Intl.DateTimeFormat(locale, WEEKDAY);
const daysOfOtherYears = new Intl.DateTimeFormat(locale, { ...WEEKDAY, year: "numeric" });
const numbers = new Intl.NumberFormat(locale);
const bytes = new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "narrow" });
const kilobytes = new Intl.NumberFormat(locale, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
const megabytes = new Intl.NumberFormat(locale, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
const plurals = new Intl.PluralRules(locale);

/** Return a number with its thousands marked: 12,480. */
export function number(value) {
  return numbers.format(value);
}

/** Return the time of day of a `Date`: 12:30. */
export function timeOfDay(at) {
  return times.format(at);
}

/** Return the day of a `Date` with its weekday, and its year where it is not this one. */
export function longDay(at) {
  return (at.getFullYear() === new Date().getFullYear() ? days : daysOfOtherYears).format(at);
}

/** Return when something was: the time of a `Date` of today, else its day: 29 Nov. */
export function began(at) {
  const today = new Date();
  if (at.toDateString() === today.toDateString()) return timeOfDay(at);
  return (at.getFullYear() === today.getFullYear() ? shortDays : shortDaysOfOtherYears).format(at);
}

/** Return a duration in the form of a clock: 4:12, 1:04:09. */
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const [hours, minutes] = [Math.floor(seconds / HOUR), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** Return the size of a file, or its limit: 512 B, 293 kB, 1.2 MB, 10 MB; 1 kB is 1,024 B. */
export function size(length) {
  if (length < KILO) return `${number(length)} ${bytes.formatToParts(length).find(({ type }) => type === "unit").value}`;
  if (Math.round(length / KILO) < KILO) return kilobytes.format(length / KILO);
  return megabytes.format(length / KILO ** 2);
}

/** Return `sentence` with `{name}` filled from `values`; numbers are written as people read them. */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}

/** Return the one of the sentences `{one, other}` that fits `count`, filled in. */
export function plural(sentences, count, values = {}) {
  return fill(sentences[plurals.select(count)] ?? sentences.other, { count, ...values });
}
