import { meaning } from "/typed.js"
import { calls, piecesOf } from "/text.js"
import { equal } from "./equal.js"

const mean = (typed, context) => meaning(typed, { to: "", answerTo: "", most: 1024, ...context })

export function a_text_is_for_everyone_or_for_whom_it_is_addressed_to() {
	equal(mean("hello").kind, "say")
	equal(mean(" a\n\n b ").lines, [" a", " b"])
	equal(mean("hello", { to: "drew" }), { kind: "tell", to: "drew", lines: ["hello"], left: 1009, ask: "" })
	equal(mean("a\u2028b\u2029c").lines, ["a", "b", "c"])
	equal(mean(" \n ").kind, "nothing")
}

export function nothing_that_looks_like_a_command_is_said() {
	for (const typed of ["/mgs drew x", " /x", "/", "/usr/bin", "PASS x", "/list\nmore", "/msg", "/msg drew", "/reply x"]) {
		equal([typed, mean(typed).kind], [typed, "wrong"])
	}
	equal(mean("//usr/bin").lines, ["/usr/bin"])
	equal(mean("and/or").lines, ["and/or"])
}

export function a_private_line_is_private_with_all_that_follows_it() {
	for (const typed of ["/msg drew a\nb", "  /msg drew a\nb", "/MSG drew: a\nb", "MESG drew a\nb", "/msg drew\na\nb"]) {
		const { kind, to, lines } = mean(typed)
		equal([typed, kind, to, lines], [typed, "tell", "drew", ["a", "b"]])
	}
	equal(mean("/reply a", { answerTo: "eve" }).to, "eve")
}

export function what_nobody_sees_makes_no_private_line_public() {
	const unseen = ["\u00ad", "\u200b", "\u200d", "\u200f", "\u202b", "\u2060", "\u2066", "\ufeff", "\u3164", "\u2800", "\u200b \n"]
	const typed = unseen.flatMap(one => [`${one}/msg drew secret`, `${one} /m${one.trim()}sg drew secret`])
	const wide = ["／msg drew secret", "／ｍｓｇ　drew　secret", "ＭＥＳＧ drew secret"]
	const anyhow = ["mesg drew secret", "Mesg drew: secret", "MESG: drew secret", "MESG:drew secret", "/msg:drew secret", "ME\ufeffSG drew secret"]
	for (const one of [...typed, ...wide, ...anyhow, "/msg \u200bdrew secret"]) {
		for (const to of ["", "eve"]) {
			const meant = mean(one, { to })
			equal([one, meant.kind, meant.to, meant.lines], [one, "tell", "drew", ["secret"]])
		}
	}
}

export function without_a_name_it_is_for_nobody() {
	for (const typed of ["MESG : drew secret", "/msg : secret", "/msg :", "mesg", "MESG: \u200b secret", "/msg\n: secret"]) {
		for (const to of ["", "eve"]) equal([typed, mean(typed, { to }).kind], [typed, "wrong"])
	}
}

export function many_lines_and_what_is_doubtful_among_them_want_a_question() {
	equal(mean("a\nb").ask, "")
	equal(mean("a\n/msg drew b").ask, "Say these 2 lines to everyone, even what looks like a command?")
	equal(mean("a\n".repeat(11)).ask, "Say these 11 lines to everyone?")
	for (const line of ["\u200f/msg eve b", "mesg eve b", "／reply b"]) {
		equal([line, mean(`a\n${line}`).ask.slice(0, 29)], [line, "Say these 2 lines to everyone"])
		const ask = "Say these 2 lines to drew, even what looks like a command?"
		equal([line, mean(`a\n${line}`, { to: "drew" }).ask, mean(`/msg drew a\n${line}`).ask], [line, ask, ask])
	}
	equal(mean("a\n//b\nc").ask, "")
}

export function the_bytes_that_are_left() {
	equal(mean("é".repeat(10), { most: 30 }).left, 5)
	equal(mean(`a\n${"b".repeat(30)}`, { most: 30 }).left, -5)
	equal(mean("😀", { most: 10, to: "dani" }).left, -4)
	const longest = 31995 // a message has 65536 at most, and what has to be escaped takes two
	for (const most of [0, undefined, 1e6]) equal(mean('"'.repeat(longest), { most }).left, 0)
}

export function commands() {
	equal(mean("/hist 5"), { kind: "history", last: 5 })
	equal(mean("/history"), { kind: "history", last: 20 })
	equal(mean("/hist 0").kind, "wrong")
	equal(mean("/search tea milk"), { kind: "history", search: "tea milk" })
	equal(mean("/record off"), { kind: "record", state: "off" })
	equal(mean("RECORD off"), { kind: "record", state: "off" })
	equal(mean("RECORD players"), { kind: "wrong", why: "Please type: /record on, off or forget" })
	equal(mean("IGNORE drew"), { kind: "ignore", name: "drew" })
	equal(mean("/kick drew go away"), { kind: "order", line: "KICK drew go away" })
	equal(mean("/constructor").kind, "wrong")
}

export function control_characters_and_halves_of_letters_are_not_sent() {
	equal(mean("a\u0007b\u001b[31m\ud83d").lines, ["ab[31m\ufffd"])
	equal(mean("a\tb").lines, ["a\tb"])
}

export function links_end_where_they_are_meant_to() {
	const links = text => piecesOf(text).flatMap(({ href }) => href || [])
	equal(links("see http://a.example/x, or (https://b.example/y_(z))."), ["http://a.example/x", "https://b.example/y_(z)"])
	equal(links("[http://a.example/b] {http://a.example/c}, http://[::1]/d"), ["http://a.example/b", "http://a.example/c", "http://[::1]/d"])
	equal(links("xhttp://a.example javascript:alert(1) ftp://c http://"), [])
	equal(piecesOf("a http://b.example c").map(({ text }) => text).join(""), "a http://b.example c")
}

export function a_name_is_called_as_a_word() {
	equal([calls("dani", "Dani!"), calls("dani", "danielle"), calls("d.e", "dxe"), calls("ana", "maña ana")], [true, false, false, true])
}
