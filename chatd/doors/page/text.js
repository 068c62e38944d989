// Text as people type and read it.

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const HALF = /\p{Surrogate}/gu;
// Of these the daemon may take some out of a line.
const UNRELIABLE = /[\p{C}\p{M}\p{Z}\s\u115f\u1160\u3164\uffa0]/gu;
const LINK = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"`。，、「」]+/giu;
const LINK_END = /[.,;:!?'*_…»”’]$/;

const tidy = (line) => line.replace(CONTROL, "").replace(HALF, "\ufffd").trimEnd();

/** The lines of a text as they can be sent; blank ones mean nothing. */
export const linesOf = (text) => text.split(/\r\n?|\n/).map(tidy).filter(Boolean);

/** Whether one is the other as it came back. */
export const isSame = (one, other) => one.replace(UNRELIABLE, "") === other.replace(UNRELIABLE, "");

export const bytesOf = (text) => new TextEncoder().encode(text).length;

export const keyOf = (name) => name.normalize("NFKC").toLowerCase();

/** The same colour every day. */
export function colourOf(name) {
	let hash = 0;
	for (const letter of keyOf(name)) hash = (hash * 31 + letter.codePointAt(0)) % 65521;
	return hash % 12;
}

export const calls = (name, text) => name !== "" && callsOf(name).test(text);

/** The text in pieces: {text}, with href if it is a link, or `call` if it is our name. */
export function piecesOf(text, name) {
	return split(text, LINK, linked).flatMap((piece) =>
		piece.href || !name ? [piece] : split(piece.text, callsOf(name), marked),
	);
}

/** The text in pieces, of which those that are one of the words have `call`. */
export const withMarks = (text, words) => split(text, RegExp(words.map(escaped).join("|"), "giu"), marked);

const marked = (text) => [{ text, call: true }];

// The full stop of a sentence belongs to no link, nor does a bracket that opens before it.
function linked(found) {
	let href = found;
	const isOdd = () => href.endsWith(")") && href.split(")").length > href.split("(").length;
	while (LINK_END.test(href) || isOdd()) href = href.slice(0, -1);
	return URL.canParse(href) ? [{ text: href, href }, ...plain(found.slice(href.length))] : plain(found);
}

function split(text, pattern, make) {
	const pieces = [];
	let done = 0;
	for (const { 0: found, index } of text.matchAll(pattern)) {
		pieces.push(...plain(text.slice(done, index)), ...make(found));
		done = index + found.length;
	}
	return [...pieces, ...plain(text.slice(done))];
}

const plain = (text) => (text ? [{ text }] : []);

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

const callsOf = (name) => RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, "giu");
