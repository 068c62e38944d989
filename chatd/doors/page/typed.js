// What a typed text means. What looks like a command and is none is explained, never said: it may
// be half of a private line.

import { bytesOf, linesOf, visible } from "./text.js"

const PASTE_LINES = 10 // more want a question
const MOST_BYTES = 32000 // with each letter escaped a message holds as many

export const HELP = {
	text: "say it to everyone",
	"/msg NAME TEXT": "say it to one person, in private",
	"/reply TEXT": "answer whoever wrote to you in private last",
	"/list": "who is here",
	"/hist N": "the last N lines to everyone",
	"/search WORDS": "those with all these words",
	"/record off": "nothing you say is kept; on: it is",
	"/record forget": "removes what was kept of you since this connection began",
	"/ignore NAME": "see nothing of somebody, until /unignore NAME",
	"/quit": "leave",
	"//text": "say a line that begins with a slash",
	"/kick, /mute, /ban, /say …": "keep order, if you are an operator",
}

const UNSEEN = "Nobody has seen this."
const wrong = why => ({ kind: "wrong", why })
const usage = command => wrong(`Please type: ${command}`)

// {kind, …}; "wrong" if nobody is to see it. Lines have the bytes that are `left` in the longest, and
// `ask` if they want a question first. `to`: for whom; `answerTo`: who wrote to us alone last;
// `most`: bytes in a line, verb and all, or 0.
export function meaning(typed, context) {
	const lines = linesOf(typed)
	if (!lines.length) return { kind: "nothing" }
	const meant = meaningOf(lines, context)
	return meant.lines ? { ...meant, left: leftOf(meant, context.most), ask: questionOf(lines, meant.to) } : meant
}

function meaningOf([first, ...more], { to, answerTo }) {
	const { word, rest } = beginningOf(first)
	if (!word) return { kind: to ? "tell" : "say", to, lines: [first, ...more].map(line => line.replace(/^\/\//, "/")) }
	const tell = (to, text) => {
		const lines = [text, ...more].filter(Boolean)
		return to && lines.length ? { kind: "tell", to, lines } : usage("/msg NAME TEXT")
	}
	const command = word.toLowerCase().replace("/", "")
	if (/^me?sg$/.test(command)) {
		const [, name, text] = /^(\S*?)[:：]?(?:\s+(.*))?$/su.exec(rest)
		return tell(visible(name), text)
	}
	if (command === "reply") return answerTo ? tell(answerTo, rest) : wrong("Nobody has written to you in private yet.")
	const help = `/help tells what there is; to say it, type /${word}.`
	if (!Object.hasOwn(COMMANDS, command)) return wrong(`There is no command ${word}. ${UNSEEN} ${help}`)
	return more.length ? wrong(`A command is one line. ${UNSEEN}`) : COMMANDS[command](rest)
}

// {word, rest}; without a word it is no command. What nobody sees must not make a private line public; nor
// must wide letters, or the habits of a netcat.
function beginningOf(line) {
	const [, head, rest] = /^[\s\p{Cf}\p{DI}\u2800]*([^\s:：]*)[:：]?\s*(.*)$/su.exec(line)
	const word = visible(head).normalize("NFKC")
	return /^(\/(?!\/)|(PASS|RECORD|(UN)?IGNORE)\b|[Mm][Ee][Ss][Gg]\b)/.test(word) ? { word, rest } : {}
}

function leftOf({ to, lines }, most) {
	return Math.min(most || MOST_BYTES, MOST_BYTES) - bytesOf(to ? `MESG ${to} ` : "BCST ") - Math.max(...lines.map(bytesOf))
}

// One of them may be for somebody else.
function questionOf(lines, to) {
	const isDoubtful = lines.slice(1).some(line => beginningOf(line).word)
	const ask = `Say these ${lines.length} lines to ${to || "everyone"}${isDoubtful ? ", even what looks like a command" : ""}?`
	return isDoubtful || lines.length > PASTE_LINES ? ask : ""
}

const COMMANDS = {
	hist: last => (/^(|[1-9]\d{0,5})$/.test(last) ? { kind: "history", last: Number(last || 20) } : usage("/hist NUMBER")),
	search: search => (search ? { kind: "history", search } : usage("/search WORDS")),
	record: state => (/^(on|off|forget|)$/.test(state) ? { kind: "record", state } : usage("/record on, off or forget")),
	ignore: name => ({ kind: "ignore", name }),
	pass: () => wrong(`${UNSEEN} A password is only asked for.`),
	unignore: name => (name ? { kind: "unignore", name } : usage("/unignore NAME")),
}
COMMANDS.history = COMMANDS.hist
for (const kind of ["list", "help", "quit"]) COMMANDS[kind] = () => ({ kind })
for (const order of ["kick", "mute", "unmute", "ban", "unban", "bans", "say", "close", "open"]) {
	COMMANDS[order] = rest => ({ kind: "order", line: `${order.toUpperCase()} ${rest}` })
}
