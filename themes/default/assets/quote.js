// How a value that a reader typed is written into a command: quoted for the place of its placeholder, so that the program
// gets it as it was typed, and nothing of it is run. No DOM.
globalThis.RunbookQuote = (() => {
  "use strict";

  const LONGEST = 1000; // characters
  const NAMES_OF_SECRETS = new Set(["password", "passwd", "passphrase", "pass", "pwd", "token", "secret", "secrets", "key", "keys", "apikey", "credential", "credentials", "pin", "otp"]);

  // One function for each place that `data-place` may name.
  const QUOTE = {
    bare: (value) => (/^[\w@%+:,./-]+$/.test(value) ? value : single(value)),
    single: (value) => value.replaceAll("'", "'\\''"),
    // No backslash keeps `!` from an interactive bash inside double quotes, so it stands in single quotes between them.
    double: (value) => value.replace(/["$`\\]/g, "\\$&").replace(/!+/g, `"'$&'"`),
    heredoc: (value) => value.replace(/[$`\\]/g, "\\$&"),
    // No quotes: the shell takes these backslashes away, then reads what is left as a command of its own.
    backquote: (value) => value.replace(/[$`\\]/g, "\\$&"),
    "ansi-c": (value) => value.replace(/['\\]/g, "\\$&"),
    // PowerShell takes curly quotes for straight ones. A word that begins with quotes ends with them, so a value with
    // something behind it is escaped instead.
    powershell: (value, joined) => {
      if (/^\w[\w./\\:-]*$/.test(value)) return value;
      return joined ? value.replace(/[^\w./\\:-]/g, "`$&") : `'${QUOTE["powershell-single"](value)}'`;
    },
    "powershell-single": (value) => value.replace(/['‘’‚‛]/g, "$&$&"),
    "powershell-double": (value) => value.replace(/["“”„$`]/g, "`$&"),
    sql: (value) => (/^(-?\d+(\.\d+)?|[A-Za-z_]\w*(\.[A-Za-z_]\w*)*)$/.test(value) ? value : `'${QUOTE["sql-single"](value)}'`),
    "sql-single": (value) => value.replaceAll("'", "''"),
    "sql-double": (value) => value.replaceAll('"', '""'),
    literal: (value) => value,
  };

  const MARKS = new Set(["start", "joined"]);
  const SHELLS = new Set(["bare", "single", "double", "ansi-c", "powershell", "powershell-single", "powershell-double"]);

  return { quote, refusal, isSecret };

  /**
   * The value as it stands in the command. `places` names the languages around it, the outermost first, as `data-place`
   * does ("double sql-single"); the mark `joined` says that more of the word follows.
   */
  function quote(value, places) {
    const marks = places.split(/\s+/);
    const joined = marks.includes("joined");
    return languages(places).reduceRight((text, place) => (QUOTE[place] || QUOTE.bare)(text, joined), value);
  }

  /** Why a value cannot be used at these places (a list of `data-place`), in words for its reader; empty where it can. */
  function refusal(value, allPlaces) {
    if (value.length > LONGEST) return `longer than ${LONGEST} characters`;
    if (/[\n\r\v\f\u0085\u2028\u2029]/.test(value)) return "it holds a line break, which would end the command";
    if (/\p{Bidi_Control}/u.test(value)) return "it holds a character that changes the direction of text, so that one reads another command than one runs";
    if (/\p{Cc}/u.test(value)) return "it holds a control character";
    if (/[\p{Default_Ignorable_Code_Point}\p{Cs}\ufff9-\ufffb]/u.test(value)) return "it holds a character that one does not see";
    if (value.startsWith("-") && allPlaces.some(beginsWord)) return "it begins with -, so it would be read as an option";
    // Some databases take a backslash in a string for an escape and some do not: no way to write it is safe in both.
    if (value.includes("\\") && allPlaces.some((places) => languages(places).some((place) => place.startsWith("sql")))) {
      return "it holds a backslash, which databases read in different ways";
    }
    return "";
  }

  /** Whether a placeholder of this kebab-case name stands for something that must not be kept or shown. */
  function isSecret(name) {
    return /passw(or)?d|secret|token/.test(name) || name.split("-").some((part) => NAMES_OF_SECRETS.has(part));
  }

  function beginsWord(places) {
    const marks = places.split(/\s+/);
    return marks.includes("start") && SHELLS.has(languages(places).at(-1));
  }

  function languages(places) {
    return places.split(/\s+/).filter((place) => place && !MARKS.has(place));
  }

  function single(value) {
    return `'${QUOTE.single(value)}'`;
  }
})();
