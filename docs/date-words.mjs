// Writes `src/phrase/words.tsv`, the words of dates in many languages, from the Unicode CLDR and from moment.
//
//     npm pack cldr-dates-full@48.2.0 moment@2.31.0      (unpacked as ./cldr-dates-full and ./moment)
//     node docs/date-words.mjs . > src/phrase/words.tsv
//
// CLDR says how dates are written; moment, whose words many sites print by script, how their age is. The lists at the
// end are by hand: what both lack. A line is `language, kind, value, words`, separated by tabs, the words by `|`.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const root = path.resolve(process.argv[2] ?? ".");
const moment = createRequire(import.meta.url)(path.join(root, "moment"));
const cldr = (locale, file) => {
  const name = path.join(root, "cldr-dates-full/main", locale, file);
  return fs.existsSync(name) ? Object.values(JSON.parse(fs.readFileSync(name)).main)[0].dates : null;
};

// Each language with the regional forms whose words differ.
const languages = {
  af: [], am: [], ar: ["ar-DZ", "ar-IQ", "ar-MA", "ar-SY", "ar-TN"], az: [], be: [], bg: [], bn: [], bs: ["bs-Cyrl"], ca: [], cs: [],
  cy: [], da: [], de: ["de-AT"], el: [], en: ["en-AU", "en-CA", "en-GB", "en-IN"], es: ["es-MX", "es-PE"], et: [], eu: [], fa: [],
  fi: [], fil: [], fr: ["fr-CA"], ga: [], gl: [], gu: [], he: [], hi: [], hr: [], hu: [], hy: [], id: [], is: [], it: [], ja: [],
  ka: [], kk: [], km: [], kn: [], ko: [], ky: [], lo: [], lt: [], lv: [], mk: [], ml: [], mn: [], mr: [], ms: [], my: [], nb: [],
  ne: [], nl: [], nn: [], pa: [], pl: [], ps: [], pt: ["pt-PT"], ro: [], ru: [], si: [], sk: [], sl: [], sq: [], sr: ["sr-Latn"],
  sv: [], sw: [], ta: [], te: [], tg: [], th: [], tr: [], uk: [], ur: [], uz: ["uz-Cyrl"], vi: [], zh: ["zh-Hant"],
};
const momentLocales = {
  ar: ["ar", "ar-ma", "ar-dz", "ar-ly", "ar-tn"], de: ["de", "de-at"], en: ["en", "en-gb"], fil: ["tl-ph"], hy: ["hy-am"],
  ms: ["ms", "ms-my"], pa: ["pa-in"], pt: ["pt", "pt-br"], sr: ["sr", "sr-cyrl"], uz: ["uz", "uz-latn"], zh: ["zh-cn", "zh-tw", "zh-hk"],
};
const units = { year: ["y", "yy"], month: ["M", "MM"], week: ["w", "ww"], day: ["d", "dd"], hour: ["h", "hh"], minute: ["m", "mm"], second: ["s", "ss"] };
const weekdays = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7 };
const plural = { zero: 0, one: 1, two: 2 };

// By hand: what reads as a pattern elsewhere on the web. `{0}` is the number; a pattern without one means the number after `@`.
const extraAgo = {
  en: { year: ["{0} yrs ago", "a yr ago@1", "one year ago@1"], month: ["{0} mos ago", "one month ago@1"], week: ["{0} wks ago", "{0}w ago", "a week ago@1"],
        day: ["one day ago@1", "{0}d ago"], hour: ["{0} hrs ago", "{0} hr ago", "one hour ago@1"], minute: ["{0} mins ago", "{0} min ago", "one minute ago@1"], second: ["{0} secs ago"] },
  de: { year: ["vor einem jahr@1"], hour: ["vor {0} std", "vor {0} h"], minute: ["vor {0} min"] },
  fr: { hour: ["il y a {0} h", "il y a {0}h"], minute: ["il y a {0} mn", "il y a {0} min", "il y a {0}min"] },
  es: { hour: ["hace {0} hs", "hace {0}h"], minute: ["hace {0} min"], week: ["hace una semana@1"] },
  pt: { year: ["há {0} ano", "há {0} anos", "{0} anos atrás"], day: ["{0} dias atrás"], hour: ["{0} horas atrás", "{0} hora atrás"], minute: ["{0} minutos atrás"] },
  it: { hour: ["{0} ore fa", "{0} ora fa"] },
  el: { year: ["πριν από {0} χρόνια", "πριν {0} χρόνια"], month: ["πριν {0} μήνες"], day: ["πριν {0} μέρες", "πριν {0} ημέρες"], hour: ["πριν {0} ώρες", "πριν {0} ώρα"], minute: ["πριν {0} λεπτά"] },
  ru: { year: ["{0} лет назад"], hour: ["{0} час. назад"], minute: ["{0} мин. назад"] },
  ar: { year: ["منذ {0} أعوام", "منذ {0} عام"], hour: ["منذ {0} ساعه"] },
  fa: { year: ["{0} سال قبل"], month: ["{0} ماه قبل"], day: ["{0} روز قبل"], hour: ["{0} ساعت قبل"], minute: ["{0} دقیقه قبل"] },
  ne: { hour: ["{0} घण्टा अघि", "{0} घण्टा अगाडि"] }, he: { hour: ["לפני {0} שעות"], minute: ["לפני {0} דק'"] },
  hi: { year: ["{0} साल पहले"] },
  th: { year: ["{0} ปีก่อน"], day: ["{0} วันก่อน"], hour: ["{0} ชั่วโมงก่อน"], minute: ["{0} นาทีก่อน"] },
  vi: { hour: ["{0} giờ trước"], minute: ["{0} phút trước"], year: ["cách đây {0} năm"] },
  id: { minute: ["{0} menit lalu"], hour: ["{0} jam lalu"], day: ["{0} hari lalu"], month: ["{0} bulan lalu"], year: ["{0} tahun lalu"] },
  sv: { hour: ["{0} timmar sedan"], year: ["{0} år sedan"], day: ["{0} dagar sedan"], minute: ["{0} minuter sedan", "{0} min sedan"] },
  nb: { hour: ["{0} timer siden"], year: ["{0} år siden"], day: ["{0} dager siden"], minute: ["{0} minutter siden"] },
  da: { hour: ["{0} timer siden"], year: ["{0} år siden"], day: ["{0} dage siden"], minute: ["{0} minutter siden"] },
};
const extraMonths = {
  en: { 9: ["sept"], 6: ["june"], 7: ["july"] }, fr: { 7: ["juil"], 2: ["fév", "févr"], 12: ["déc"] }, es: { 9: ["set", "setiembre", "sept"] },
  de: { 1: ["jänner"], 3: ["mrz", "maerz"] }, it: { 9: ["set", "sett"] }, uk: {}, tr: {}, pt: { 2: ["fev"] },
  ro: { 1: ["ian"], 9: ["sept"] }, el: { 5: ["μάιος", "μάη"] }, fa: {}, vi: {}, ru: { 5: ["май", "мая"], 9: ["сен", "сент"], 11: ["ноя", "нояб"] },
};
const extraDays = { sv: { "-1": ["igår", "i går"], 0: ["idag"] }, nb: { "-1": ["igår"], 0: ["idag"] }, da: { "-1": ["igår"], 0: ["idag"] },
  zh: { 0: ["今日"], "-1": ["昨日"] }, ja: { 0: ["本日"] }, pt: { 0: ["hoje"], "-1": ["ontem"] } };
const extraNow = {
  en: ["just now", "moments ago", "a moment ago", "a few moments ago", "a few seconds ago", "seconds ago", "less than a minute ago"], de: ["gerade eben", "soeben"], fr: ["à l'instant", "il y a un instant"],
  es: ["ahora mismo", "hace un momento", "hace instantes"], it: ["adesso", "proprio ora", "poco fa"], pt: ["agora mesmo", "agora há pouco"], nl: ["zojuist", "zonet"],
  ru: ["только что"], uk: ["щойно", "тільки що"], pl: ["przed chwilą"], cs: ["právě teď"], tr: ["az önce", "şimdi"], zh: ["刚刚", "剛剛", "刚才"], ja: ["たった今"], ko: ["방금", "방금 전"],
  sv: ["just nu", "alldeles nyss"], nb: ["akkurat nå", "nå nettopp"], da: ["lige nu"], fi: ["juuri nyt", "hetki sitten"], vi: ["vừa xong"], id: ["baru saja"], ar: ["الآن"], he: ["ממש עכשיו"], hi: ["अभी अभी"],
};
const extraFillers = {
  en: ["at", "on", "of", "o'clock", "the", "hrs", "hours", "local", "time", "from", "as"], de: ["um", "uhr", "am", "den", "der", "vom", "gegen"], fr: ["le", "à", "a", "de", "du", "heures"],
  es: ["el", "a", "las", "la", "de", "del", "horas", "hrs", "hs", "h"], pt: ["às", "as", "de", "do", "em", "horas", "hs"], it: ["il", "alle", "ore", "ora", "del", "di", "dalle"], nl: ["om", "uur", "op"],
  sv: ["kl", "klockan", "den"], nb: ["kl", "klokken", "den"], nn: ["kl"], da: ["kl", "klokken", "den", "d"], fi: ["klo", "kello"], is: ["kl", "klukkan"], et: ["kell", "kl"], pl: ["godz", "godzina", "o", "r", "roku", "dnia"],
  cs: ["v", "ve", "hod", "hodin", "dne"], sk: ["o", "hod", "hodin", "dňa"], hu: ["óra", "perc", "kor"], ro: ["ora", "la", "în", "din"], bg: ["г", "ч", "в", "часа"], ru: ["в", "г", "год", "года", "ч"], uk: ["о", "об", "р", "року", "в"],
  be: ["у", "г"], sr: ["u", "у", "h", "г", "ч", "časova"], hr: ["u", "h", "sati"], bs: ["u", "h"], sl: ["ob", "h"], mk: ["во", "г", "година"], el: ["στις", "ώρα"], tr: ["saat"], lt: ["m", "d", "val"], lv: ["gada", "plkst", "gads"],
  vi: ["ngày", "lúc", "năm", "giờ", "h"], id: ["pukul", "jam", "tanggal"], ms: ["pada", "jam", "pukul"], ar: ["في", "الساعة", "يوم"], fa: ["ساعت", "در"], he: ["ב", "בשעה"], hi: ["को", "बजे"], th: ["น", "เวลา", "วันที่", "พ.ศ", "เวลา"],
  ja: ["付", "頃"], zh: ["于", "於"], ca: ["a", "les", "de", "d", "del"], gl: ["ás", "de"], eu: ["ko", "an"], sq: ["ora", "në"], hy: ["թ"], ka: ["წ"], af: ["om", "h"], sw: ["saa", "tarehe"], bn: ["টা"], ur: ["بجے"],
};
const extraAmPm = { en: { am: ["a.m", "a m"], pm: ["p.m", "p m"] }, es: { am: ["a.m", "a m", "de la mañana"], pm: ["p.m", "p m", "de la tarde", "de la noche"] },
  zh: { am: ["早上", "凌晨", "清晨"], pm: ["下午", "晚上", "晚间", "中午"] }, ja: { am: ["午前"], pm: ["午後"] }, hi: { am: ["सुबह"], pm: ["शाम", "दोपहर"] } };

// The solar calendar of Iran.
const solarMonths = { fa: ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"] };

const out = new Map(); // language → kind TAB value → Set of words
function put(language, kind, value, word) {
  const text = word.toLowerCase().normalize("NFC").replace(/[\s\u00a0\u202f\u200e\u200f\u061c]+/g, " ").trim().replace(/\.$/, "");
  if (!text || text.includes("|")) return;
  const key = `${kind}\t${value}`;
  if (!out.has(language)) out.set(language, new Map());
  if (!out.get(language).has(key)) out.get(language).set(key, new Set());
  out.get(language).get(key).add(text);
}
function ago(language, unit, pattern, count) {
  if (/^\p{Cf}*[-–−+]/u.test(pattern)) return; // "-5 h" reads as a dash before a time.
  const fixed = pattern.includes("{0}") ? "" : `@${count}`;
  if (fixed === "@undefined") return;
  const [text, number] = pattern.split("@");
  put(language, "ago", unit + (number ? `@${number}` : fixed), text);
}
const asciiDigits = text => text.replace(/\p{Nd}/gu, digit => { let code = digit.codePointAt(0), value = 0; while (/\p{Nd}/u.test(String.fromCodePoint(code - 1)) && value < 9) { code--; value++; } return String(value); });
const orderOf = pattern => pattern.replace(/'[^']*'/g, "").replace(/[^dMLy]/g, "").replace(/(.)\1+/g, "$1").replace("L", "M").toUpperCase();

for (const [language, regional] of Object.entries(languages)) {
  for (const locale of [language, ...regional]) {
    const gregorian = cldr(locale, "ca-gregorian.json")?.calendars.gregorian;
    const fields = cldr(locale, "dateFields.json")?.fields;
    if (!gregorian) continue;
    for (const form of ["format", "stand-alone"]) {
      for (const width of ["wide", "abbreviated"]) {
        for (const [month, word] of Object.entries(gregorian.months[form][width]))
          /\d/.test(word) ? put(language, "unit", "month", word.replace(/\d+/g, "")) : put(language, "month", month, word);
        const periods = gregorian.dayPeriods[form][width];
        for (const [period, word] of Object.entries(periods)) {
          if (!word.trim()) continue;
          if (period.startsWith("am") || period.startsWith("morning")) put(language, "half", "am", word);
          else if (period.startsWith("pm") || period.startsWith("afternoon") || period.startsWith("evening")) put(language, "half", "pm", word);
        }
      }
      for (const width of ["wide", "abbreviated"])
        for (const [day, word] of Object.entries(gregorian.days[form][width])) put(language, "weekday", weekdays[day], word);
    }
    const patterns = [...Object.values(gregorian.dateFormats), ...Object.values(gregorian.timeFormats),
      ...Object.values(gregorian["dateTimeFormats-atTime"]?.standard ?? {}),
      ...Object.entries(gregorian.dateTimeFormats.availableFormats).filter(([skeleton]) => !/[WwQG]/.test(skeleton)).map(([, pattern]) => pattern)];
    for (const pattern of patterns.filter(p => typeof p === "string"))
      for (const literal of pattern.matchAll(/'([^']+)'/g))
        for (const word of literal[1].split(/[\s.,()]+/)) if (!/^[-–/]*$/.test(word)) put(language, "filler", "", word);
    if (locale === language) put(language, "order", orderOf(gregorian.dateFormats.short).toLowerCase(), language);
    for (const [unit] of Object.entries(units)) {
      for (const width of ["", "-short", "-narrow"]) {
        const field = fields[unit + width];
        for (const [count, pattern] of Object.entries(field["relativeTime-type-past"] ?? {}))
          ago(language, unit, pattern, plural[count.replace("relativeTimePattern-count-", "")]);
        if (unit === "day") for (const offset of [0, -1, -2]) if (field[`relative-type-${offset}`]) put(language, "day", offset, field[`relative-type-${offset}`]);
        if (["year", "month", "week"].includes(unit) && field["relative-type--1"]) put(language, "ago", `${unit}@1`, field["relative-type--1"]);
      }
    }
  }
  for (const locale of momentLocales[language] ?? [language]) {
    const data = locale === "en" ? moment.localeData("en") : moment.locale(locale) === locale ? moment.localeData(locale) : null;
    if (!data) continue;
    for (const unit in units) {
      for (const count of [1, 2, 3, 5, 10, 11, 15, 21, 22, 25, 31]) {
        const text = data.relativeTime(count, false, units[unit][count === 1 ? 0 : 1], false);
        if (!text) continue;
        const past = asciiDigits(data.pastFuture(-1, text));
        if (/week/.test(past) && language !== "en") continue; // moment has no words for weeks here.
        if (unit === "second" && count === 1) put(language, "now", "", past);
        else ago(language, unit, past.replace(new RegExp(`(^|\\D)${count}(?!\\d)`), "$1{0}"), count);
      }
    }
    for (let month = 0; month < 12; month++) {
      const day = moment.utc([2015, month, 5]).locale(locale);
      for (const word of [day.localeData().months(day, "D MMMM"), day.localeData().months(day, "MMMM"), day.localeData().monthsShort(day, "D MMM"), day.localeData().monthsShort(day, "MMM")])
        if (!/[\d०-९০-৯]/.test(word)) put(language, "month", month + 1, word);
    }
  }
  (solarMonths[language] ?? []).forEach((word, index) => put(language, "solar", index + 1, word));
  // Hebrew writes "in" as a prefix.
  if (language === "he") for (let month = 1; month <= 12; month++) for (const word of [...out.get("he").get(`month\t${month}`)]) put("he", "month", month, `ב${word}`);
  // Where a region writes numeric dates in another order.
  for (const folder of fs.readdirSync(path.join(root, "cldr-dates-full/main"))) {
    const region = folder.match(new RegExp(`^${language}-([A-Z]{2})$`))?.[1];
    if (!region) continue;
    const order = orderOf(cldr(folder, "ca-gregorian.json").calendars.gregorian.dateFormats.short);
    if (!out.get(language).get(`order\t${order.toLowerCase()}`)?.has(language)) put(language, "order", order.toLowerCase(), region);
  }
  for (const [unit, list] of Object.entries(extraAgo[language] ?? {})) for (const pattern of list) ago(language, unit, pattern);
  for (const [month, list] of Object.entries(extraMonths[language] ?? {})) for (const word of list) put(language, "month", month, word);
  for (const [day, list] of Object.entries(extraDays[language] ?? {})) for (const word of list) put(language, "day", day, word);
  for (const word of extraNow[language] ?? []) put(language, "now", "", word);
  for (const word of extraFillers[language] ?? []) put(language, "filler", "", word);
  for (const [half, list] of Object.entries(extraAmPm[language] ?? {})) for (const word of list) put(language, "half", half, word);
}

console.log("# Words of dates by language. Generated by docs/date-words.mjs; do not edit.");
console.log("# Sources: Unicode CLDR 48.2.0 (npm cldr-dates-full), licence Unicode-3.0, © 1991-2025 Unicode, Inc.;");
console.log("# moment 2.31.0 (npm), licence MIT, © JS Foundation and other contributors; lists in the generator.");
for (const [language, kinds] of out) for (const [key, words] of kinds) console.log([language, key, [...words].join("|")].join("\t"));
