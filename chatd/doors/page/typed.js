// What a typed text means. What looks like a command and is none is explained, never said: it may
// be half of a private line.

import { bytesOf, linesOf } from "./text.js"

const PASTE_LINES = 10 // more are not said before asking

export const HELP = {
	text: "say it to everyone",
	"/msg NAME TEXT": "say it to one person, in private",
	"/reply TEXT": "answer whoever wrote to you in private last",
	"/list": "who is here",
	"/hist N": "the last N lines that were said to everyone",
	"/search WORDS": "those with all these words",
	"/record off": "nothing you say is kept from now on; on: it is",
	"/record forget": "removes what was kept of you since you came in",
	"/ignore NAME": "see nothing of somebody, until /unignore NAME",
	"/quit": "leave",
	"//text": "say a line that begins with a slash",
	"/kick, /mute, /ban, /say …": "keep order, if you are an operator",
}

const wrong = why => ({ kind: "wrong", why })
const usage = command => wrong(`Please type: ${command}`)

/**
 * {kind, …}; "wrong" if nobody is to see it. Lines have the bytes that are `left` in the longest, and
 * `ask` if they want a question first. `to`: for whom; `answerTo`: who wrote to us alone last;
 * `most`: bytes in a line, verb and all.
 */
export function meaning(typed, { to, answerTo, most }) {
	const [first, ...more] = linesOf(typed)
	if (!first) return { kind: "nothing" }
	// A blank before it must not make a private line public; nor must the habits of a netcat.
	const [, word, rest] = /^\s*(\/(?!\/)\S*|MESG\b|PASS\b)?\s*(.*)$/u.exec(first)
	const tell = (whom, text) => said(whom, [text, ...more].filter(Boolean), most)
	if (!word) return to ? said(to, unslashed([first, ...more]), most) : everyone([first, ...more], most)
	if (word === "PASS") return wrong("Nobody has seen that. A password is only asked for.")
	const command = word.replace("/", "").toLowerCase()
	if (/^(msg|mesg)$/.test(command)) return /\S/.test(rest) ? tell(.../^(\S*?):?(?:\s+(.*))?$/u.exec(rest).slice(1)) : usage(MSG)
	if (command === "reply") return answerTo ? tell(answerTo, rest) : wrong("Nobody has written to you in private yet.")
	if (!Object.hasOwn(COMMANDS, command)) {
		return wrong(
			`There is no command ${word}, and nobody has seen this. /help tells what there is; to say it, type /${word}.`,
		)
	}
	return more.length ? wrong("A command is one line. Nobody has seen this.") : COMMANDS[command](rest)
}

const MSG = "/msg NAME TEXT"

const unslashed = lines => lines.map(line => line.replace(/^\/\//, "/"))

function everyone(typed, most) {
	const { length } = typed
	const isDoubtful = length > 1 && typed.some(line => /^\s*\/[^/]/.test(line))
	const ask = `Say these ${length} lines to everyone${isDoubtful ? ", even what looks like a command" : ""}?`
	return { ...said("", unslashed(typed), most), ask: isDoubtful || length > PASTE_LINES ? ask : "" }
}

function said(to, lines, most) {
	if (!lines.length) return usage(MSG)
	const left = most - bytesOf(to ? `MESG ${to} ` : "BCST ") - Math.max(...lines.map(bytesOf))
	return { kind: to ? "tell" : "say", to, lines, left }
}

const COMMANDS = {
	list: () => ({ kind: "list" }),
	help: () => ({ kind: "help" }),
	quit: () => ({ kind: "quit" }),
	hist: last => (/^(|[1-9]\d{0,5})$/.test(last) ? { kind: "history", last: Number(last || 20) } : usage("/hist NUMBER")),
	search: search => (search ? { kind: "history", search } : usage("/search WORDS")),
	record: state => (/^(on|off|forget|)$/.test(state) ? { kind: "record", state } : usage("/record on, off or forget")),
	ignore: name => ({ kind: "ignore", name }),
	unignore: name => (name ? { kind: "unignore", name } : usage("/unignore NAME")),
}
COMMANDS.history = COMMANDS.hist
for (const order of ["kick", "mute", "unmute", "ban", "unban", "bans", "say", "close", "open"]) {
	COMMANDS[order] = rest => ({ kind: "order", line: `${order.toUpperCase()} ${rest}` })
}
