// What a typed text means. Whatever looks like a command and is none is explained, never said:
// it may be half of a private line.

import { bytesOf, linesOf } from "./text.js";

const PASTE_LINES = 10; // more are not said before asking

export const HELP = [
	["text", "say it to everyone"],
	["/msg NAME TEXT", "say it to one person, in private"],
	["/reply TEXT", "answer whoever wrote to you in private last"],
	["/list", "who is here"],
	["/hist N", "the last N lines that were said to everyone"],
	["/search WORDS", "those with all these words"],
	["/record off", "the room keeps nothing of what you say from now on; on: it does"],
	["/record forget", "the room forgets what it has kept of you since you came in"],
	["/ignore NAME", "see nothing of somebody, until /unignore NAME or until you leave"],
	["/quit", "leave"],
	["//text", "say a line that begins with a slash"],
	["/kick, /mute, /ban, /say …", "keep order, if you are an operator"],
];

/**
 * {kind, …}, with `ask` if it wants a question first; {kind: "wrong", why} if nobody is to see it.
 * `to`: whom a text is for, "" for everyone; `answerTo`: who wrote to us alone last; `most`: bytes
 * in a line, verb and all.
 */
export function meaning(typed, { to = "", answerTo = "", most = 1024 }) {
	const [first, ...more] = linesOf(typed);
	if (!first) return { kind: "nothing" };
	// A blank before it must not make a private line public; nor must the habits of a netcat.
	const [, word, rest] = /^\s*(\/(?!\/)\S*|MESG\b|PASS\b)?\s*(.*)$/u.exec(first);
	const tell = (name, text) => telling(name.replace(/:$/, ""), [text, ...more].filter(Boolean), most);
	if (!word) return texts(to, [first, ...more], most);
	if (word === "PASS") return wrong("Nobody has seen that. A password is only asked for.");
	const command = word.replace("/", "").toLowerCase();
	if (command === "msg" || command === "mesg") return tell(.../^(\S*)\s*(.*)$/u.exec(rest).slice(1));
	if (command === "reply") return answerTo ? tell(answerTo, rest) : wrong("Nobody has written to you in private yet.");
	if (!Object.hasOwn(COMMANDS, command)) {
		return wrong(
			`There is no command ${word}, and nobody has seen this. /help tells what there is; ` +
				`to say a line that begins with a slash, type /${word} instead.`,
		);
	}
	return more.length ? wrong("A command is one line. Nobody has seen this.") : COMMANDS[command](rest);
}

/** How many bytes are left in the longest line of what is being typed. */
export const bytesLeft = (typed, { to, most = 1024 }) => roomFor(to, most) - Math.max(0, ...linesOf(typed).map(bytesOf));

const roomFor = (to, most) => most - bytesOf(to ? `MESG ${to} ` : "BCST ");

const wrong = (why) => ({ kind: "wrong", why });

function texts(to, typed, most) {
	const lines = typed.map((line) => line.replace(/^\/\//, "/"));
	if (to) return telling(to, lines, most);
	const meant = { kind: "say", lines };
	const commands = lines.length > 1 && typed.some((line) => /^\s*\/[^/]/.test(line));
	if (commands || lines.length > PASTE_LINES) {
		meant.ask = `Say these ${lines.length} lines to everyone${commands ? ", even what looks like a command" : ""}?`;
	}
	return checked(meant, most);
}

const telling = (to, lines, most) =>
	to && lines.length ? checked({ kind: "tell", to, lines }, most) : wrong("Please type: /msg NAME TEXT");

function checked(meant, most) {
	const left = roomFor(meant.to, most);
	const place = meant.lines.findIndex((line) => bytesOf(line) > left);
	if (place < 0) return meant;
	return wrong(`${meant.lines.length > 1 ? `Line ${place + 1}` : "This"} is ${tooLong(bytesOf(meant.lines[place]) - left)}`);
}

export const tooLong = (bytes) => `too long by ${bytes} byte${bytes === 1 ? "" : "s"}.`;

const needs = (make, usage) => (rest) => (rest ? make(rest) : wrong(`Please type: ${usage}`));

function hist(rest) {
	return /^\d{0,6}$/.test(rest) && rest !== "0" ? { kind: "history", last: Number(rest || 20) } : wrong("Please type: /hist NUMBER");
}

const COMMANDS = {
	list: () => ({ kind: "list" }),
	help: () => ({ kind: "help" }),
	quit: () => ({ kind: "quit" }),
	hist,
	history: hist,
	search: needs((search) => ({ kind: "history", search }), "/search WORDS"),
	record: (state) =>
		/^(on|off|forget|)$/.test(state) ? { kind: "record", state } : wrong("Please type: /record on, off or forget"),
	ignore: (name) => ({ kind: "ignore", name }),
	unignore: needs((name) => ({ kind: "unignore", name }), "/unignore NAME"),
};
for (const order of ["kick", "mute", "unmute", "ban", "unban", "bans", "say", "close", "open"]) {
	COMMANDS[order] = (rest) => ({ kind: "order", line: `${order.toUpperCase()} ${rest}`.trim() });
}
