import { Room } from "/room.js"
import { equal } from "./equal.js"

const AT = "2026-11-20T21:33:01Z"
const HELLO = { type: "hello", title: "lab", at: AT, history: true, guests: true, password: false, line_bytes: 1024 }

/** A room whose clock is set, and whose daemon is us. */
class Case {
	now = 100
	shown = []
	found = []
	sent = []
	opened = 0
	closed = 0
	cleared = 0

	constructor(memory = {}) {
		this.room = new Room(() => this.now, () => 0.5)
		this.room.start(memory)
		this.take()
	}

	take() {
		for (const { do: what, item, message, lines } of this.room.take()) {
			if (what === "found") this.found.push(lines.map(({ text }) => text))
			if (what === "show") this.shown.push(item.text)
			if (what === "send") this.sent.push(message)
			if (what === "open") this.opened += 1
			if (what === "clear") this.cleared += 1
			if (what === "close") this.closed += 1
		}
	}

	hear(...messages) {
		for (const message of messages) {
			this.room.heard(message)
			this.take()
		}
	}

	do(what, ...words) {
		const result = this.room[what](...words)
		this.take()
		return result
	}

	wait(seconds) {
		for (const end = this.now + seconds; this.now < end; ) {
			this.now += 0.5
			this.do("tick")
		}
	}

	get types() {
		return this.sent.splice(0).map(({ type }) => type)
	}
}

const people = { type: "people", names: ["dani"] }
const end = { type: "history-end" }
const said = (name, text, at = AT) => ({ type: "said", at, name, text })
const recalled = (...lines) => ({ type: "recalled", lines: lines.map(([name, text, at = AT]) => ({ at, name, text })) })

function inside(memory) {
	const made = new Case(memory)
	made.hear(HELLO)
	if (!memory) made.do("join", "dani", "")
	made.hear({ type: "joined", name: "dani" }, people, end)
	made.sent = []
	return made
}

export function what_is_said_while_the_history_is_awaited_comes_after_it() {
	const made = new Case()
	made.hear(HELLO)
	made.do("join", "dani", "")
	made.hear({ type: "joined", name: "dani" })
	equal(made.types, ["join", "list", "history"])
	made.hear(said("drew", "now"), people, recalled(["drew", "before"], ["drew", "now"]), end)
	equal(made.shown, ["before", "You are in the chat as dani.", "now"])
}

export function a_replay_and_an_answer_show_each_line_once() {
	const made = new Case()
	made.hear(HELLO)
	made.do("join", "dani", "")
	const lines = [["drew", "a"], ["drew", "b"]]
	made.hear({ type: "joined", name: "dani" }, recalled(...lines), end, people, recalled(...lines), end)
	equal(made.shown, ["a", "b", "You are in the chat as dani."])
}

export function missed_lines_are_shown_once_and_before_what_is_said_then() {
	const made = inside()
	made.hear(said("drew", "ok"))
	made.do("lost", true)
	made.wait(2)
	made.hear({ ...HELLO, at: "2026-11-20T21:34:00Z" }, { type: "joined", name: "dani" })
	const { since } = made.sent.at(-1)
	equal(since, "2026-11-20T21:32:56Z")
	made.shown = []
	const later = "2026-11-20T21:33:30Z"
	made.hear(said("eve", "new", "2026-11-20T21:34:01Z"), people, recalled(["drew", "ok"], ["drew", "ok", later]), end)
	equal(made.shown, ["Said while you were away", "ok", "Back in the chat as dani.", "new"])
}

export function a_line_that_is_not_kept_hides_none_that_was_missed() {
	const made = inside()
	made.hear(said("drew", "ok"))
	made.do("lost", true)
	made.wait(2)
	made.hear(HELLO, { type: "joined", name: "dani" }, people, recalled(["drew", "ok", "2026-11-20T21:33:30Z"]), end)
	equal(made.shown.filter(text => text === "ok").length, 2)
}

export function a_line_on_its_way_that_was_missed_has_arrived() {
	const made = inside()
	made.do("obey", { kind: "say", lines: ["one", "two"] })
	made.do("lost", true)
	made.wait(2)
	equal(made.room.sending.unsent.length, 2)
	made.hear(HELLO, { type: "joined", name: "dani" }, people, recalled(["dani", "one"]), end)
	equal(made.room.sending.unsent.map(({ text }) => text), ["two"])
	made.types
	made.do("sendUnsent")
	equal(made.sent, [{ type: "say", text: "two" }])
}

export function tries_follow_each_other_more_slowly() {
	const made = inside()
	const times = []
	made.do("lost", true)
	for (let number = 0; number < 8; number += 1) {
		times.push(made.room.tryAt - made.now)
		made.now = made.room.tryAt
		made.do("tick")
		made.do("lost", false)
	}
	equal(times, [1, 2, 4, 8, 16, 30, 30, 30])
	equal(made.opened, 9)
	made.do("tryNow")
	equal(made.opened, 10)
}

export function a_dead_connection_is_noticed_and_a_silent_one_is_not_given_up() {
	const made = inside()
	made.wait(31)
	equal(made.types, ["ping"])
	made.hear({ type: "pong", token: "page" })
	made.wait(31)
	equal([made.types, made.closed], [["ping"], 0])
	made.wait(10)
	equal([made.closed, made.room.phase, made.room.why], [1, "entering", "Nothing came from the chat any more."])
}

export function a_name_that_an_old_connection_has_is_waited_for_and_then_asked_about() {
	const made = inside()
	const taken = { type: "error", code: "name-taken", text: "dani is here already." }
	made.do("lost", true)
	made.wait(2)
	made.hear(HELLO)
	for (let number = 0; number < 100 && made.room.phase === "entering"; number += 1) {
		made.hear(taken)
		made.wait(5)
	}
	equal([made.room.phase, made.room.wrong.field, made.now > 160], ["form", "name", true])
}

export function a_refusal_at_the_form_is_for_a_field() {
	const made = new Case()
	made.hear(HELLO)
	for (const [code, field] of [["bad-name", "name"], ["wrong-password", "password"], ["room-full", "door"], ["banned", "name"]]) {
		made.do("join", "dani", "x")
		equal(made.types, ["pass", "join"])
		made.hear({ type: "error", code, text: "No." })
		equal([made.room.phase, made.room.wrong], ["form", { field, text: "No." }])
	}
}

export function a_second_join_waits_for_the_answer_to_the_first() {
	const made = new Case()
	made.hear(HELLO)
	made.do("join", "dani", "")
	made.do("join", "drew", "")
	equal(made.types, ["join"])
	made.hear({ type: "joined", name: "dani" })
	equal([made.room.phase, made.room.name], ["in", "dani"])
}

export function who_is_put_out_does_not_come_back_by_themselves() {
	for (const code of ["kicked", "banned", "idle-timeout"]) {
		const made = inside()
		made.hear({ type: "error", code, text: "Out." })
		made.wait(100)
		equal([made.room.phase, made.room.wrong.text, made.opened], ["form", "Out.", 1])
	}
}

export function what_was_wanted_outlasts_a_connection_and_a_reload() {
	const made = inside()
	made.do("obey", { kind: "record", state: "off" })
	made.do("obey", { kind: "ignore", name: "Drew" })
	made.do("obey", { kind: "say", lines: ["lost?"] })
	const again = new Case(JSON.parse(JSON.stringify(made.room.memory)))
	again.hear(HELLO, { type: "joined", name: "dani" })
	equal(again.types, ["join", "record", "list", "history"])
	again.hear(people, recalled(["drew", "unheard"], ["dani", "lost?"]), end)
	equal(again.shown, ["lost?", "You are in the chat as dani."])
	equal(again.room.sending.unsent, [])
}

export function what_arrived_before_a_reload_is_not_offered() {
	const made = inside()
	made.hear(said("dani", "ok"))
	made.hear(said("drew", "hm", "2026-11-20T21:33:05Z"))
	made.do("obey", { kind: "say", lines: ["ok", "and", "ok"] })
	const again = new Case(JSON.parse(JSON.stringify(made.room.memory)))
	again.hear(HELLO, { type: "joined", name: "dani" }, people)
	again.hear(recalled(["dani", "ok"], ["drew", "hm"], ["dani", "ok", "2026-11-20T21:33:06Z"]), end)
	equal(again.room.sending.unsent.map(({ text }) => text), ["and", "ok"])
}

export function who_is_ignored_is_neither_answered_nor_found() {
	const made = inside({ isIn: true, name: "dani", ignored: [["drew", "Drew"]] })
	const told = name => ({ type: "told", at: AT, name, to: "dani", text: `from ${name}` })
	made.hear(told("eve"), told("drew"))
	equal([made.room.answerTo, made.shown.at(-1)], ["eve", "from eve"])
	made.do("obey", { kind: "history", last: 2 })
	made.hear(recalled(["drew", "a"], ["eve", "b"]), end)
	equal(made.found, [["b"]])
}

export function whom_one_ignores_is_known_here_also_after_a_reload() {
	const made = inside({ isIn: true, name: "dani", ignored: [["drew", "Drew"]] })
	for (const name of ["", "drew"]) {
		made.do("obey", { kind: "ignore", name })
		equal([made.types, made.shown.at(-1)], [[], "You ignore Drew."])
	}
	made.do("obey", { kind: "ignore", name: "eve" })
	equal(made.types, ["ignore", "list"])
	made.hear({ type: "error", code: "no-such-user", text: "Nobody." })
	equal([made.room.ignores("eve"), made.room.ignores("drew")], [false, true])
	made.do("obey", { kind: "unignore", name: "drew" })
	made.do("obey", { kind: "ignore", name: "" })
	equal(made.shown.at(-1), "You ignore nobody.")
}

export function unknown_messages_are_let_pass() {
	const made = inside()
	made.hear({ type: "later" }, { type: "constructor" }, {}, { type: "error", code: "new", text: "Something." })
	equal(made.shown.at(-1), "Something.")
}

export function who_leaves_leaves_nothing_for_the_next_at_this_screen() {
	const made = inside()
	made.hear({ type: "told", at: AT, name: "drew", to: "dani", text: "psst" })
	made.do("obey", { kind: "record", state: "off" })
	made.do("obey", { kind: "ignore", name: "bob" })
	made.do("obey", { kind: "quit" })
	made.do("lost", true)
	equal([made.room.phase, made.cleared, made.room.answerTo, made.room.memory.ignored], ["form", 1, "", []])
	made.do("join", "eve", "")
	made.hear(HELLO)
	made.sent = []
	made.hear({ type: "joined", name: "eve" })
	equal(made.sent, [{ type: "list" }, { type: "history", last: 50 }])
}

export function leaving_comes_after_what_was_said() {
	const made = inside()
	made.do("obey", { kind: "say", lines: ["bye"] })
	made.do("obey", { kind: "quit" })
	equal(made.types, ["say", "quit"])
	made.hear(said("dani", "bye"))
	made.do("lost", true)
	made.wait(60)
	equal([made.room.phase, made.opened, made.room.sending.unsent], ["form", 1, []])
}
