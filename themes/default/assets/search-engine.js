// Answers queries over the index that `src/site/search.rs` builds. No DOM, no network: whoever uses it sets
// `RunbookSearch.loader`, a function that loads one file of the index and returns a promise.
//
//   query ─▶ words ─▶ terms of the vocabulary ─▶ postings ─▶ pages and sections, scored ─▶ hits ─▶ snippets
globalThis.RunbookSearch = (() => {
  "use strict";

  const BOOST = { title: 8, keyword: 6, heading: 3, command: 1.6, body: 1 };
  const WEIGHT = { inflected: 0.9, derived: 0.7, prefix: 0.8, joined: 0.95, split: 0.8, oneOff: 0.55, twoOff: 0.35, synonym: 0.6 };
  // Limits that keep any query short of a freeze, whatever is typed or pasted.
  const LIMIT = { letters: 200, words: 12, prefix: 60, fuzzy: 24, misspelled: 32, guessed: 4, reranked: 50, cached: 3000 };
  const WEAK = 0.1;

  // Words that operations people use for one another, a group each. Found under each other, but below the word itself.
  const SYNONYMS = new Map();
  for (const group of ["k8s kubernetes kube", "db database", "postgres postgresql pg", "mongo mongodb", "cert certificate", "config configuration",
    "auth authentication", "repo repository", "env environment", "prod production", "perf performance", "fs filesystem", "sts statefulset",
    "pvc volume", "ns namespace", "svc service", "lb loadbalancer", "cpu processor", "mem memory oom", "mq queue",
    "down unavailable offline outage unreachable", "missing absent", "full filling exhausted space", "disk filesystem volume storage", "many high",
    "slow latency lag", "delete remove", "rollback revert undo", "restart reboot", "password credentials", "error failure failed", "zero 0",
    "rotate renew", "evict drain cordon", "rota oncall", "hacked compromised breach intrusion"]) {
    const words = group.split(" ");
    for (const word of words) SYNONYMS.set(word, [...(SYNONYMS.get(word) || []), ...words.filter((other) => other !== word)]);
  }

  let index = null;
  const waiting = { postings: new Map(), text: new Map() };

  const api = { load, search, snippet, suggest, marked, facets, tokens, loader: null, get ready() { return index !== null; } };

  // ---- Loading ----------------------------------------------------------------------------------------------------

  /** Takes one file of the index: `{part: "index" | "postings" | "text", …}`. Parts of another build are refused. */
  function load(data) {
    if (data.part === "index") index = openIndex(data);
    else if (index && data.id === index.id) index[data.part].data[data.number] = data.data;
  }

  function openIndex(data) {
    const starts = new Int32Array(data.sections.length + 1);
    data.sections.forEach((count, page) => { starts[page + 1] = starts[page] + count + 1; });
    const units = starts[starts.length - 1];
    const pageOf = new Int32Array(units);
    for (let page = 0; page < data.sections.length; page++) pageOf.fill(page, starts[page], starts[page + 1]);
    const parts = (name) => ({ first: data[name === "text" ? "texts" : name], data: data.inline[name] || [] });
    return {
      id: data.id, facts: data.facts, names: data.names, ends: data.ends, weak: new Set(data.weak.split(/\s+/)),
      urls: readUrls(data.urls), starts, units, pageOf, pages: data.sections.length,
      dictionary: readDictionary(data.dictionary), ...readVocabulary(data.vocabulary),
      postings: parts("postings"), text: parts("text"), offsets: [], readPostings: new Map(), readSimilar: new Map(), readNames: [],
    };
  }

  /** Loads the parts that are not here yet; returns nothing when all are, so that the common case needs no wait. */
  function need(name, numbers) {
    const missing = [...new Set(numbers)].filter((number) => index[name].data[number] === undefined);
    if (missing.length === 0) return null;
    return Promise.all(missing.map((number) => {
      if (!waiting[name].has(number)) {
        const file = `search/${name}-${number}.js?v=${index.id}`;
        const loaded = api.loader(file).then(() => {
          if (index[name].data[number] === undefined) throw new Error(`${file} is of another build`);
        });
        waiting[name].set(number, loaded.finally(() => waiting[name].delete(number)));
      }
      return waiting[name].get(number);
    }));
  }

  function partOf(name, item) {
    const { first } = index[name];
    return bisect(first.length, (part) => first[part] <= item) - 1;
  }

  /** Number of leading items for which a test holds. */
  function bisect(count, holds) {
    let low = 0, high = count;
    while (low < high) { const middle = (low + high) >> 1; if (holds(middle)) low = middle + 1; else high = middle; }
    return low;
  }

  // ---- Reading what the builder packed (see src/site/search/codec.rs and text.rs) ------------------------------------

  function readVocabulary(packed) {
    const marks = "!#$%&'()*+,-./:;=>?@[]^_`{|}";
    const sharedOf = new Int8Array(128).fill(-1);
    for (let i = 0; i < marks.length; i++) sharedOf[marks.charCodeAt(i)] = i;
    const terms = [], shared = [];
    let word = "", from = 0, common = 0;
    for (let at = 0; at <= packed.length; at++) {
      const code = at < packed.length ? packed.charCodeAt(at) : 33;
      if (code > 127 || sharedOf[code] < 0) continue;
      if (at > 0) { word = word.slice(0, common) + packed.slice(from, at); terms.push(word); shared.push(common); }
      common = sharedOf[code];
      from = at + 1;
    }
    return { terms, shared };
  }

  function digit(text, at) {
    const code = text.charCodeAt(at);
    return code - (code < 34 ? 32 : code < 60 ? 33 : code < 92 ? 34 : 35);
  }

  /** Reads the number at `from.at` and moves on. */
  function number(text, from, ends) {
    let rest = 0, value = digit(text, from.at++);
    while (value >= ends) { rest = rest * (92 - ends) + value - ends + 1; value = digit(text, from.at++); }
    return rest * ends + value;
  }

  function readUrls(packed) {
    let previous = "";
    return packed.map((url) => (previous = previous.slice(0, digit(url, 0)) + url.slice(1)));
  }

  function readDictionary([ends, ...classes]) {
    const entries = [];
    for (const [marks, words] of classes) {
      for (const mark of marks) entries.push(mark);
      for (const word of readVocabulary(words).terms) entries.push(word);
    }
    return { ends, entries };
  }

  const END = 0, COMMAND = 1, SPELLED = 2, FIRST_ENTRY = 3;
  const WORD_START = /^[\p{Alphabetic}\p{N}]/u;

  /** Reads a text up to the next END or COMMAND, which it skips. */
  function readText(text, from) {
    const { ends, entries } = index.dictionary;
    let out = "", afterWord = false;
    while (from.at < text.length) {
      const code = number(text, from, ends);
      if (code === END || code === COMMAND) break;
      let piece = entries[code - FIRST_ENTRY];
      if (code === SPELLED) {
        const length = number(text, from, ends);
        piece = text.slice(from.at, from.at += length);
      }
      const isWord = WORD_START.test(piece);
      out += isWord && afterWord ? " " + piece : piece;
      afterWord = isWord;
    }
    return out;
  }

  /** Title, sections (`{step, heading, anchor}`) and all names (title and keywords, `{plain, words}`) of a page. */
  function namesOf(page) {
    if (index.readNames[page]) return index.readNames[page];
    const packed = index.names[page], from = { at: 0 }, { ends } = index.dictionary;
    const title = readText(packed, from);
    const keywords = readText(packed, from).split("\n").filter(Boolean);
    const names = [title, ...keywords].map((name) => ({ plain: plainName(name), words: tokens(name) }));
    const sections = [];
    while (from.at < packed.length) {
      const attributes = number(packed, from, ends), how = attributes >> 1;
      const suffix = how === 2 ? "-" + number(packed, from, ends) : "";
      const heading = readText(packed, from);
      const anchor = how === 0 ? null : how === 3 ? readText(packed, from) : slug(heading) + suffix;
      sections.push({ step: attributes % 2 === 1, heading, anchor });
    }
    return (index.readNames[page] = { title, names, sections });
  }

  function slug(heading) {
    return heading.replace(/[^\p{Alphabetic}\p{N} _-]/gu, "").toLowerCase().replace(/ /g, "-");
  }

  /** Units and field sets of a term; its part must be here. */
  function postingsOf(term) {
    const known = index.readPostings.get(term);
    if (known) return known;
    const part = partOf("postings", term), packed = index.postings.data[part], { ends } = index;
    const from = { at: offsetsOf(part, packed)[term - index.postings.first[part]] };
    const count = number(packed, from, ends) + 1;
    const units = new Int32Array(count), fields = new Uint8Array(count);
    for (let i = 0, next = 0; i < count; i++) {
      const value = number(packed, from, ends);
      units[i] = next + Math.floor(value / 7);
      fields[i] = value % 7 + 1;
      next = units[i] + 1;
    }
    if (index.readPostings.size > LIMIT.cached) index.readPostings.clear();
    const read = { units, fields };
    index.readPostings.set(term, read);
    return read;
  }

  function offsetsOf(part, packed) {
    if (index.offsets[part]) return index.offsets[part];
    const offsets = [], from = { at: 0 }, { ends } = index;
    while (from.at < packed.length) {
      offsets.push(from.at);
      for (let left = number(packed, from, ends) + 1; left > 0; left--) while (digit(packed, from.at++) >= ends);
    }
    return (index.offsets[part] = offsets);
  }

  // ---- Words: the same rules as src/site/search/words.rs, change both together -----------------------------------

  /** Words of a text, folded, with their places in it: `{whole, start, end, parts: [{text, start, end}]}`. */
  function tokens(text) {
    const found = [];
    for (const match of text.matchAll(WORD)) {
      for (const run of UNSPACED.test(match[0]) ? match[0].matchAll(RUN) : [{ 0: match[0], index: 0 }]) {
        const start = match.index + run.index;
        if (UNSPACED.test(run[0])) found.push(...pairs(run[0], start));
        else if (WORD_CHAR.test(run[0])) found.push(compound(run[0], start));
      }
    }
    return found;
  }

  const WORD = /[\p{Alphabetic}\p{N}\u0300-\u036f]+(?:[._\-'’][\p{Alphabetic}\p{N}\u0300-\u036f]+)*/gu;
  const WORD_CHAR = /[\p{Alphabetic}\p{N}\u0300-\u036f]/u;
  const UNSPACED_RANGES = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf" +
    "\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const UNSPACED = new RegExp(`[${UNSPACED_RANGES}]`, "u");
  const RUN = new RegExp(`[${UNSPACED_RANGES}]+|[^${UNSPACED_RANGES}]+`, "gu");
  // Letters that do not decompose; all others lose their marks by Unicode decomposition.
  const PLAIN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", ς: "σ" };

  function fold(text) {
    const lower = text.toLowerCase();
    // eslint-disable-next-line no-control-regex
    if (/^[\x00-\x7f]*$/.test(lower)) return lower;
    return lower.replace(/[ßæœøłđðþħıς]/g, (letter) => PLAIN[letter])
      .replace(/[\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff]/g, (letter) => letter.normalize("NFD"))
      .replace(/[\u0300-\u036f]/g, "");
  }

  function pairs(run, start) {
    const chars = [...run], found = [];
    for (let i = 0, at = start; i < Math.max(1, chars.length - 1); i++) {
      const text = chars[i] + (chars[i + 1] || "");
      found.push({ whole: null, start: at, end: at + text.length, parts: [{ text, start: at, end: at + text.length }] });
      at += chars[i].length;
    }
    return found;
  }

  function compound(written, start) {
    const parts = [];
    let at = start;
    // After `KubePod`'s `e`, and after `RAIDDegraded`'s second `D`; a plural acronym (`VMs`) stays whole.
    const cut = written.replace(/[._-]|\P{Uppercase}(?=\p{Uppercase})|\p{Uppercase}(?=\p{Uppercase}(?!s(?:[._-]|$))\p{Lowercase})/gu, "$&\0");
    for (const piece of cut.split("\0")) {
      const name = piece.replace(/[._-]$/, ""), text = fold(name.replace(/['’]/g, ""));
      if (text) parts.push({ text, start: at, end: at + name.length });
      at += piece.length;
    }
    const whole = parts.length > 1 ? parts.map((part) => part.text).join("") : null;
    return { whole, start, end: start + written.length, parts };
  }

  // ---- From a query to terms of the vocabulary ---------------------------------------------------------------------

  /**
   * The words of a query and what each may stand for: `{text, weak, means: [{terms, weight}]}`. Two terms in one meaning
   * must stand in one title or heading (`statefulset` in `StatefulSet`).
   */
  function readQuery(text) {
    const written = tokens(text.slice(0, LIMIT.letters));
    const words = written.flatMap((word) => word.parts.map((part) => ({ text: part.text, means: [] }))).slice(0, LIMIT.words);
    words.forEach((word) => { word.weak = index.weak.has(word.text); });
    if (words.every((word) => word.weak)) words.forEach((word) => { word.weak = false; });
    const last = /\s$/.test(text) ? null : words[words.length - 1];

    for (const word of words) {
      word.last = word === last;
      mean(word, [find(word.text)], 1);
      if (!word.weak) { addRelated(word); addSynonyms(word); }
      if (word.last) addLonger(word, word.text, WEIGHT.prefix);
      if (!word.weak) addSplits(word);
    }
    words.slice(1).forEach((word, i) => addJoined([words[i], word], word === last));
    let at = 0;
    for (const { whole, parts } of written) {
      if (whole && parts.length > 2 && at + parts.length <= words.length) addJoined(words.slice(at, at + parts.length), false);
      at += parts.length;
    }
    return words;
  }

  function mean(word, terms, weight) {
    if (terms.every((term) => term >= 0)) word.means.push({ terms, weight });
  }

  /** Number of a term, or -1. */
  function find(text) {
    const at = lowerBound(text);
    return index.terms[at] === text ? at : -1;
  }

  function lowerBound(text) {
    return bisect(index.terms.length, (term) => index.terms[term] < text);
  }

  /** All terms that start with a text, in order. */
  function startingWith(text) {
    const found = [];
    for (let at = lowerBound(text); at < index.terms.length && index.terms[at].startsWith(text); at++) found.push(at);
    return found;
  }

  /** Terms that start with a text, from the shortest on. */
  function longer(text, most) {
    const byLength = [];
    for (const term of startingWith(text)) (byLength[index.terms[term].length] ||= []).push(term);
    return byLength.flat().slice(0, most);
  }

  function addLonger(word, text, weight) {
    for (const term of longer(text, LIMIT.prefix)) {
      if (index.terms[term] !== text) mean(word, [term], weight * Math.sqrt(text.length / index.terms[term].length));
    }
  }

  // Endings that two forms of one word may have behind a common beginning: English, German, Russian.
  const INFLECTED = endings("s es e ed d ing y ies ied en er n em а я ы и у ю е о ом ем ой ей ам ям ами ями ах ях ов ев");
  const DERIVED = endings("ion ions ation ations ator ators or ers ment ments al ance able ung ungen ern " +
    "ть ться ие ия ии ию ий ый ая ое ые ого ому ых их ение ения ировать ировка");
  const LONGEST_ENDING = 7;

  function endings(list) {
    return new Set(["", ...list.split(" ")]);
  }

  /** "rotate" finds `rotating` and `rotation`, "stopped" `stop`. */
  function addRelated(word) {
    const { text } = word;
    const ending = (rest) => (INFLECTED.has(rest) ? WEIGHT.inflected : DERIVED.has(rest) ? WEIGHT.derived : 0);
    const doubled = (stem, rest) => (/^(.)(ed|ing|er)$/.test(rest) && rest[0] === stem[stem.length - 1] ? WEIGHT.inflected : 0);
    const best = new Map();
    for (let cut = Math.max(3, text.length - LONGEST_ENDING); cut <= text.length; cut++) {
      const stem = text.slice(0, cut), own = ending(text.slice(cut)) || doubled(stem, text.slice(cut));
      if (!own) continue;
      for (const at of startingWith(stem)) {
        const term = index.terms[at], rest = term.slice(cut);
        if (rest.length > LONGEST_ENDING || term === text) continue;
        const weight = Math.min(own, ending(rest) || doubled(stem, rest));
        // "e" and "er" behind a short stem join words that have nothing to do with one another.
        if (weight && (cut >= 4 || weight === WEIGHT.inflected)) best.set(at, Math.max(weight, best.get(at) || 0));
      }
    }
    for (const [term, weight] of best) mean(word, [term], weight);
  }

  function addSynonyms(word) {
    for (const other of SYNONYMS.get(word.text) || []) mean(word, [find(other)], WEIGHT.synonym);
    // German where the keyboard has no umlauts: the index holds `Überlauf` as `uberlauf`.
    if (/[aou]e/.test(word.text)) mean(word, [find(word.text.replace(/([aou])e/g, "$1"))], 1);
  }

  /** "statefulset" as `stateful` and `set`, "kubejobfailed" as `kube`, `job` and `failed`. */
  function addSplits(word) {
    const split = (before, rest) => {
      for (let cut = SHORTEST_PART; cut <= rest.length - SHORTEST_PART; cut++) {
        const head = find(rest.slice(0, cut));
        if (head < 0) continue;
        const heads = [...before, head], tail = rest.slice(cut);
        mean(word, [...heads, find(tail)], WEIGHT.split);
        if (word.last && heads.length === 1) longer(tail, 4).forEach((term) => mean(word, [head, term], WEIGHT.split * WEIGHT.prefix));
        if (heads.length < MOST_PARTS - 1 && word.text.length <= LIMIT.misspelled) split(heads, tail);
      }
    };
    split([], word.text);
  }

  const SHORTEST_PART = 3, MOST_PARTS = 4;

  /** "pager duty" as `pagerduty`: what stands for the joined words stands for each of them. */
  function addJoined(words, isLast) {
    const text = words.map((word) => word.text).join("");
    for (const word of words) {
      mean(word, [find(text)], WEIGHT.joined);
      if (isLast && text.length > 3) addLonger(word, text, WEIGHT.joined * WEIGHT.prefix);
    }
  }

  /** Terms within one or two typing errors; for the last word also those that start so. */
  function addSimilar(word) {
    if (word.similar || word.text.length < 4 || word.text.length > LIMIT.misspelled) return;
    word.similar = similar(word.text, word.text.length < 8 ? 1 : 2, word.last && word.text.length > 4).slice(0, LIMIT.fuzzy);
    for (const { term, distance } of word.similar) mean(word, [term], distance < 2 ? WEIGHT.oneOff : WEIGHT.twoOff);
  }

  /**
   * All terms within a Damerau distance (optimal string alignment), nearest first. Neighbours in the sorted vocabulary
   * share the rows of their common beginning; a beginning that is too far off is skipped with all that follow it; and
   * only the band around the diagonal is computed.
   */
  function similar(text, most, orStart) {
    const key = `${text} ${most} ${orStart}`, known = index.readSimilar.get(key);
    if (known) return known;
    const width = text.length, FAR = 99, rows = [Uint8Array.from({ length: width + 2 }, (_, j) => j)], found = [];
    let valid = 0, dead = Infinity;
    for (let t = 0; t < index.terms.length; t++) {
      valid = Math.min(valid, index.shared[t]);
      const term = index.terms[t], { length } = term;
      if (valid >= dead || length < width - most || (!orStart && length > width + most)) continue;
      dead = Infinity;
      for (let i = valid + 1; i <= length && dead > i; i++) {
        const above = rows[i - 1], row = rows[i] || (rows[i] = new Uint8Array(width + 2));
        const from = Math.max(1, i - most), to = Math.min(width, i + most), char = term.charCodeAt(i - 1);
        let least = (row[from - 1] = from === 1 ? i : FAR);
        for (let j = from; j <= to; j++) {
          let cost = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char === text.charCodeAt(j - 1) ? 0 : 1));
          const swapped = i > 1 && j > 1 && char === text.charCodeAt(j - 2) && term.charCodeAt(i - 2) === text.charCodeAt(j - 1);
          if (swapped) cost = Math.min(cost, rows[i - 2][j - 2] + 1);
          row[j] = cost;
          if (cost < least) least = cost;
        }
        row[to + 1] = FAR;
        valid = i;
        if (least > most) dead = i;
      }
      let distance = valid === length && length <= width + most ? rows[length][width] : FAR;
      // A beginning that fits counts half an error more than a whole word that does.
      for (let i = width - most; orStart && i <= Math.min(valid, width + most); i++) distance = Math.min(distance, rows[i][width] + 0.5);
      if (distance > 0 && distance <= most + 0.5) found.push({ term: t, distance });
    }
    const gap = ({ term }) => Math.abs(index.terms[term].length - width) + (index.terms[term][0] === text[0] ? 0 : 1);
    found.sort((a, b) => a.distance - b.distance || gap(a) - gap(b) || a.term - b.term);
    index.readSimilar.set(key, found);
    return found;
  }

  // ---- Scoring -----------------------------------------------------------------------------------------------------

  const PAGE_BOOST = [0, BOOST.title, BOOST.keyword, BOOST.title + 1];
  const IS_BODY = 1, IS_COMMAND = 2, IS_NAME = 4;
  const SECTION_BOOST = [0, 1, 2, 3, 4, 5, 6, 7].map((set) => {
    const boosts = [set & IS_BODY && BOOST.body, set & IS_COMMAND && BOOST.command, set & IS_NAME && BOOST.heading];
    return Math.max(...boosts) + 0.3 * (boosts.filter(Boolean).length - 1);
  });

  function isPage(unit) {
    return index.starts[index.pageOf[unit]] === unit;
  }

  /** How well each unit answers each word, and which words it answers, as bits. */
  function match(words, allowed) {
    const { units, pages, pageOf, starts } = index;
    const result = {
      total: new Float32Array(units), words: new Uint16Array(units), commands: new Uint16Array(units), headings: new Uint16Array(units),
      pageWords: new Uint16Array(pages), pageTotal: new Float32Array(pages), weights: [], touched: new Set(),
    };
    const best = new Float32Array(units), pageBest = new Float32Array(pages);
    words.forEach((word, w) => {
      const bit = 1 << w, seen = [], seenPages = [];
      const add = (unit, fields, weight) => {
        const page = pageOf[unit];
        if (allowed && !allowed[page]) return;
        const inName = starts[page] === unit;
        const value = weight * (inName ? PAGE_BOOST : SECTION_BOOST)[fields];
        if (best[unit] === 0) seen.push(unit);
        if (value > best[unit]) best[unit] = value;
        result.words[unit] |= bit;
        if (!inName && fields & IS_COMMAND) result.commands[unit] |= bit;
        if (!inName && fields & IS_NAME) result.headings[unit] |= bit;
      };
      for (const { terms, weight } of word.means) {
        const { units: at, fields } = postingsOf(terms[0]);
        if (terms.length > 1) together(terms, (unit, set) => add(unit, set, weight));
        else for (let i = 0; i < at.length; i++) add(at[i], fields[i], weight);
      }
      for (const unit of seen) {
        const page = pageOf[unit];
        if (pageBest[page] === 0) seenPages.push(page);
        pageBest[page] = Math.max(pageBest[page], best[unit]) + 0.02;
      }
      word.pages = seenPages.length;
      word.inNames = seen.some(isPage);
      const rarity = Math.log(1 + pages / Math.max(1, seenPages.length)) * (word.weak ? WEAK : 1);
      result.weights.push(rarity);
      for (const unit of seen) { result.total[unit] += rarity * best[unit]; best[unit] = 0; }
      for (const page of seenPages) {
        result.pageTotal[page] += rarity * Math.min(pageBest[page], BOOST.title + 2);
        result.pageWords[page] |= bit;
        result.touched.add(page);
        pageBest[page] = 0;
      }
    });
    return result;
  }

  /** Units that have all terms in a name: a title, a keyword or a heading. */
  function together([first, ...others], found) {
    let { units, fields } = postingsOf(first);
    for (const term of others) {
      const next = postingsOf(term), bothUnits = [], bothFields = [];
      for (let i = 0, j = 0; i < units.length && j < next.units.length;) {
        if (units[i] < next.units[j]) i++;
        else if (units[i] > next.units[j]) j++;
        else { bothUnits.push(units[i]); bothFields.push(fields[i++] & next.fields[j++]); }
      }
      units = bothUnits;
      fields = bothFields;
    }
    units.forEach((unit, i) => {
      const name = isPage(unit) ? fields[i] : fields[i] & IS_NAME;
      if (name) found(unit, name);
    });
  }

  function strongBits(words) {
    return words.reduce((bits, word, w) => (word.weak ? bits : bits | 1 << w), 0);
  }

  /** Whether some page answers every word that matters. */
  function isAnswered(words, matched) {
    const strong = strongBits(words);
    return [...matched.touched].some((page) => (matched.pageWords[page] & strong) === strong);
  }

  function rank(query, words, matched) {
    const { weights } = matched, all = weights.reduce((a, b) => a + b, 0);
    const shares = new Map();
    const covered = (bits) => {
      if (!shares.has(bits)) shares.set(bits, weights.reduce((sum, weight, w) => (bits & 1 << w ? sum + weight : sum), 0) / all);
      return shares.get(bits);
    };
    const ranked = [];
    // Beside pages that answer all, those that answer less than half are noise.
    const least = 0.5 * Math.max(...[...matched.touched].map((page) => covered(matched.pageWords[page])));
    for (const page of matched.touched) {
      if (covered(matched.pageWords[page]) < least) continue;
      let section = -1;
      for (let unit = index.starts[page] + 1; unit < index.starts[page + 1]; unit++) {
        if (matched.total[unit] > 0 && (section < 0 || matched.total[unit] > matched.total[section])) section = unit;
      }
      const together = section < 0 ? 0 : matched.total[section] * covered(matched.words[section]);
      const score = (matched.pageTotal[page] + 0.5 * together) * covered(matched.pageWords[page]) ** 2;
      ranked.push({ page, section, score });
    }
    const byScore = (a, b) => b.score - a.score || a.page - b.page;
    ranked.sort(byScore);

    const terms = words.map((word) => new Set(spelled(word)));
    const asked = plainName(query);
    const top = ranked.slice(0, LIMIT.reranked);
    for (const hit of top) {
      const { names } = namesOf(hit.page);
      const fits = names.map((name, i) => fit(name, terms, weights, asked) * (i === 0 ? 1 : 0.85));
      hit.score *= (1 + 1.5 * Math.max(...fits)) * (factsOf("kind", hit.page)[0] === "index" ? 0.75 : 1);
      const exact = names.findIndex((name) => name.plain === asked);
      if (exact >= 0) hit.score += exact === 0 ? 1e6 : 1e5;
    }
    return top.sort(byScore).concat(ranked.slice(LIMIT.reranked));
  }

  /** What a word may stand for, as it is written: two terms in one meaning stand side by side. */
  function spelled(word) {
    return word.means.map(({ terms }) => terms.map((term) => index.terms[term]).join(""));
  }

  /** Calls `found` with each part of a text and whether it is in a set: itself, in its whole word, or with neighbours. */
  function eachPart(words, set, found) {
    const parts = words.flatMap((word) => word.parts);
    let hitUpTo = 0, i = 0;
    for (const { whole, parts: own } of words) {
      const all = whole !== null && set.has(whole);
      for (const part of own) {
        part.runs ??= runsFrom(parts, i);
        for (let length = part.runs.length; i + length > hitUpTo && length > 0; length--) {
          if (set.has(part.runs[length - 1])) hitUpTo = i + length;
        }
        found(part, all || i < hitUpTo);
        i++;
      }
    }
  }

  /** A part alone, with the one behind it, and so on. */
  function runsFrom(parts, first) {
    const runs = [parts[first].text];
    for (const { text } of parts.slice(first + 1, first + MOST_PARTS)) runs.push(runs[runs.length - 1] + text);
    return runs;
  }

  /** 0 to 1: how much of the query a name answers, times how much of the name the query asks for. */
  function fit({ words, plain }, terms, weights, asked) {
    const wanted = new Set();
    let parts = 0, sum = 0, answered = 0, all = 0;
    terms.forEach((set, w) => {
      let any = false;
      eachPart(words, set, (part, hit) => { if (hit) { any = true; wanted.add(part); } });
      all += weights[w];
      if (any) answered += weights[w];
    });
    for (const word of words) {
      for (const part of word.parts) {
        const share = index.weak.has(part.text) ? 0.2 : 1;
        parts += share;
        if (wanted.has(part)) sum += share;
      }
    }
    return parts === 0 ? 0 : (answered / all) * (0.4 + 0.6 * sum / parts) * (plain.includes(asked) ? 1.2 : 1);
  }

  /** A name without case, marks, spaces, and the "Runbook:" that many titles start with. */
  function plainName(name) {
    return tokens(name).flatMap((word) => word.parts.map((part) => part.text)).join("").replace(/^runbook(?=.)/, "");
  }

  // ---- Answers -----------------------------------------------------------------------------------------------------

  /**
   * Searches, and resolves to `{hits, places, total, readAs, unknown}`:
   * `hits` one per page, best first; `places` further steps, commands and sections in those pages, grouped by page;
   * `readAs` what misspelled words were taken for, `unknown` the words that stand nowhere. Each hit is `{kind, title,
   * heading, url, anchor, page, unit}` with a kind of title, step, command, section or text.
   */
  async function search(query, { filters = {}, most = 8, mostPlaces = 6 } = {}) {
    const allowed = allowedPages(filters), words = readQuery(query);
    if (words.length === 0) return listed(allowed, most);
    await needed(words);
    let matched = match(words, allowed);
    const poor = words.filter((word) => !word.weak && word.pages <= 2 && !word.inNames);
    const guess = poor.length > 0 || isAnswered(words, matched) ? poor : words.filter((word) => !word.weak);
    if (guess.length > 0) {
      guess.slice(0, LIMIT.guessed).forEach(addSimilar);
      await needed(words);
      matched = match(words, allowed);
    }
    const ranked = rank(query, words, matched);
    const hits = ranked.slice(0, most).map((hit) => pageHit(hit, matched, words));
    return {
      hits, places: placesIn(ranked.slice(0, 2 * most), hits, matched, mostPlaces), total: ranked.length,
      readAs: words.filter(isGuessed).map((word) => ({ typed: word.text, read: index.terms[word.similar[0].term] })),
      unknown: words.filter((word) => !word.weak && word.means.length === 0).map((word) => word.text),
      words: words.map(spelled),
    };
  }

  /** Whether a word stands for nothing but terms that are spelled nearly so. */
  function isGuessed(word) {
    return Boolean(word.similar && word.similar.length) && word.means.every((meaning) => meaning.weight <= WEIGHT.oneOff);
  }

  function needed(words) {
    const terms = words.flatMap((word) => word.means.flatMap((meaning) => meaning.terms));
    return need("postings", terms.map((term) => partOf("postings", term)));
  }

  function pageHit({ page, section }, matched, words) {
    const { title } = namesOf(page), url = index.urls[page], unit = index.starts[page];
    const strong = strongBits(words);
    const more = section >= 0 && matched.words[section] & strong & ~matched.words[unit];
    if (!more) return { kind: "title", title, heading: "", url, anchor: null, page, unit: section >= 0 ? section : unit + 1 };
    return place(section, matched);
  }

  function place(unit, matched) {
    const page = index.pageOf[unit], { title, names, sections } = namesOf(page);
    const { step, heading, anchor } = sections[unit - index.starts[page] - 1];
    const hit = { title, heading, url: index.urls[page], anchor, page, unit };
    if (matched.commands[unit] === matched.words[unit] && !matched.headings[unit]) return { kind: "command", ...hit };
    // A first heading that repeats the title leads nowhere else.
    if (names.some((name) => name.plain === plainName(heading))) return { ...hit, kind: "title", heading: "", anchor: null };
    if (step) return { kind: "step", ...hit };
    return { kind: matched.headings[unit] ? "section" : matched.commands[unit] ? "command" : "text", ...hit };
  }

  /** Steps, commands and sections that answer as many words as their page does, without those already shown. */
  function placesIn(ranked, hits, matched, most) {
    const shown = new Set(hits.filter((hit) => hit.kind !== "title").map((hit) => hit.unit));
    const groups = [];
    for (const { page } of ranked) {
      const found = [];
      for (let unit = index.starts[page] + 1; unit < index.starts[page + 1]; unit++) {
        const named = matched.words[unit] | matched.words[index.starts[page]];
        if (matched.total[unit] === 0 || shown.has(unit) || named !== matched.pageWords[page]) continue;
        const hit = place(unit, matched);
        if (hit.kind !== "text" && hit.anchor !== null) found.push({ hit, score: matched.total[unit] * (hit.kind === "step" ? 1.2 : 1) });
      }
      found.sort((a, b) => b.score - a.score || a.hit.unit - b.hit.unit);
      groups.push(...found.slice(0, 3).map(({ hit }) => hit));
    }
    return groups.slice(0, most);
  }

  /**
   * The passage of a hit that answers the query best, as `[{text, marked}]`; loads its text first where that is not
   * here. `words` come from the answer of `search`.
   */
  async function snippet(hit, words, length = 170) {
    const terms = new Set(words.flat());
    // Under a title alone there may be no text: then the first that follows speaks for the page.
    for (let unit = hit.unit; unit < index.starts[hit.page + 1]; unit++) {
      const passages = (await readPassages(unit - hit.page - 1)).map((text) => ({ text, marks: marksIn(text, terms) }));
      const wanted = hit.kind === "command" && passages.length > 1 ? passages.slice(1) : passages;
      const value = ({ text, marks }) => new Set(marks.map((mark) => mark.term)).size + (text ? 0.5 : 0);
      const best = wanted.reduce((a, b) => (b && value(b) > value(a) ? b : a), { text: "", marks: [] });
      if (best.text || hit.kind !== "title") return cutOut(best.text, best.marks, length);
    }
    return [];
  }

  /** The prose of a section, then its commands. */
  async function readPassages(section) {
    const part = partOf("text", section);
    await need("text", [part]);
    const packed = index.text.data[part][section - index.text.first[part]], from = { at: 0 }, passages = [];
    while (from.at < packed.length) passages.push(readText(packed, from));
    return passages;
  }

  /** A whole text as `[{text, marked}]`. */
  function marked(text, words) {
    return cutOut(text, marksIn(text, new Set(words.flat())), Infinity);
  }

  /** Where the terms stand in a text: `{start, end, term}`, in order, apart. */
  function marksIn(text, terms) {
    const marks = [];
    eachPart(tokens(text), terms, ({ text: term, start, end }, hit) => {
      if (!hit || index.weak.has(term)) return;
      const last = marks[marks.length - 1];
      // The parts of one name are one mark.
      if (last && /^[._-]?$/.test(text.slice(last.end, start))) { last.end = end; last.term += term; } else marks.push({ start, end, term });
    });
    return marks;
  }

  function cutOut(text, marks, length) {
    let first = 0, most = -1;
    marks.forEach((mark, i) => {
      const within = new Set();
      for (let j = i; j < marks.length && marks[j].end - mark.start < length; j++) within.add(marks[j].term);
      if (within.size > most) { most = within.size; first = mark.start; }
    });
    let start = first < length / 2 ? 0 : text.lastIndexOf(" ", first - length / 4) + 1;
    if (first - start > length) start = first;
    let end = Math.min(text.length, start + length);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + length / 2);
    const pieces = start > 0 ? [{ text: "… ", marked: false }] : [];
    for (const mark of marks) {
      if (mark.start < start || mark.end > end) continue;
      if (mark.start > start) pieces.push({ text: text.slice(start, mark.start), marked: false });
      pieces.push({ text: text.slice(mark.start, mark.end), marked: true });
      start = mark.end;
    }
    pieces.push({ text: text.slice(start, end) + (end < text.length ? " …" : ""), marked: false });
    return pieces.filter((piece) => piece.text);
  }

  /** Known words near those of a query that found nothing, nearest first: `[{typed, known}]`. */
  function suggest(query, most = 5) {
    const found = [];
    for (const { text } of readQuery(query)) {
      if (text.length < 3) continue;
      const near = similar(text, Math.max(1, Math.min(3, Math.floor(text.length / 2))), false).filter(({ term }) => !/\d/.test(index.terms[term]));
      const start = near.length > 0 ? [] : longer(text.slice(0, Math.max(3, text.length - 3)), 3).map((term) => ({ term, distance: 3 }));
      near.concat(start).slice(0, most).forEach(({ term, distance }) => found.push({ typed: text, known: index.terms[term], distance }));
    }
    found.sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1));
    return found.slice(0, most).map(({ typed, known }) => ({ typed, known }));
  }

  // ---- Filters -----------------------------------------------------------------------------------------------------

  /** Values in use: `{owner: […], category: […], priority: […], risk: […]}`; what no page has is absent. */
  function facets() {
    const names = ["owner", "category", "priority", "risk"].filter((name) => index.facts[name][0].length > 0);
    return Object.fromEntries(names.map((name) => [name, index.facts[name][0]]));
  }

  function factsOf(name, page) {
    const [values, perPage] = index.facts[name];
    return [].concat(perPage[page] || []).map((number) => values[number - 1]);
  }

  function allowedPages(filters) {
    const wanted = Object.entries(filters).filter(([name, value]) => value && index.facts[name]);
    const allows = (page) => wanted.every(([name, value]) => factsOf(name, page).includes(value));
    return wanted.length > 0 ? index.urls.map((_, page) => allows(page)) : null;
  }

  function listed(allowed, most) {
    const pages = index.urls.map((_, page) => page).filter((page) => allowed && allowed[page]);
    const hits = pages.slice(0, most).map((page) => pageHit({ page, section: -1 }, { words: [] }, []));
    return { hits, places: [], total: pages.length, readAs: [], unknown: [], words: [] };
  }

  return api;
})();
