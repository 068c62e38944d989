// Text as people type and read it.

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]/g
const INVISIBLE = /[\p{Cf}\p{DI}\u2800]/gu
// The daemon may take some of these out.
const UNRELIABLE = /[\p{C}\p{M}\p{Z}\p{DI}\s]/gu
const LINK = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"`。，、「」]+/giu
const LINK_END = /[.,;:!?'*_…»”’\]}]$/

export const visible = text => text.replace(INVISIBLE, "")

// The lines of a text as they can be sent; blank ones mean nothing.
export const linesOf = text =>
	text
		.split(/\r\n?|[\n\u2028\u2029]/)
		.map(line => line.replace(CONTROL, "").toWellFormed().trimEnd())
		.filter(line => visible(line).trim())

export const isSame = (one, other) => one.replace(UNRELIABLE, "") === other.replace(UNRELIABLE, "")

export const bytesOf = text => new TextEncoder().encode(text).length

export const keyOf = name => name.normalize("NFKC").toLowerCase()

// Degrees of the circle of colours.
export function hueOf(name) {
	let hash = 0
	for (const letter of keyOf(name)) hash = (hash * 31 + letter.codePointAt(0)) % 65521
	return 10 + 30 * (hash % 12)
}

export const calls = (name, text) => callsOf(name).test(text)

// The text in pieces: {text}, with href if it is a link, or `call` if it is one of these words.
export const piecesOf = (text, words) =>
	split(text, LINK, linked).flatMap(piece => (piece.href || !words ? piece : split(piece.text, callsOf(words), text => [{ text, call: true }])))

// The full stop of a sentence belongs to no link, nor does a bracket that opens before it.
function linked(found) {
	let href = found
	const isOdd = () => href.endsWith(")") && href.split(")").length > href.split("(").length
	while (LINK_END.test(href) || isOdd()) href = href.slice(0, -1)
	return [{ text: href, href: URL.canParse(href) && href }, { text: found.slice(href.length) }]
}

function split(text, pattern, make) {
	const pieces = []
	let done = 0
	for (const { 0: found, index } of text.matchAll(pattern)) {
		pieces.push({ text: text.slice(done, index) }, ...make(found))
		done = index + found.length
	}
	return [...pieces, { text: text.slice(done) }]
}

function callsOf(words) {
	const any = words.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").split(/\s+/).join("|")
	return RegExp(`(?<![\\p{L}\\p{N}_])(${any})(?![\\p{L}\\p{N}_])`, "giu")
}
