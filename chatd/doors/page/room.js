// The page without a screen and a network. Messages, wishes and ticks go in, effects come out.

import { hear } from "./hearing.js"
import { Seen } from "./missed.js"
import { Past } from "./past.js"
import { calls, keyOf } from "./text.js"
import { outgoing, Sending } from "./unsent.js"

const SETTLED_SECONDS = 10 // a daemon that lets us in and closes is not back before that
const JOIN_SECONDS = 30 // the daemon takes its time for passwords
const QUIET_SECONDS = 30 // until the daemon is asked whether it is there
const WOKEN_SECONDS = 5 // the same, when somebody comes back to the page
const DEAD_SECONDS = 10
const LONGEST_SECONDS = 30
const HELD_SECONDS = 60 // an old connection of ours may still have our name…
const RELOADED_SECONDS = 8 // …also after a reload, and nothing tells that from a second tab

export class Room {
	phase = "form" // somebody has to decide; "entering": we want in, with a connection or without; "in"
	link = "closed" // "opening", "open"
	hello = null
	name = ""
	wanted = {} // {name, password}
	wasIn = false
	people = []
	ignored = new Map() // names by their keys
	answerTo = ""
	isOff = false // whether the daemon says that nothing is kept of us
	wrong = null // {field, text} for the form
	asksPassword = false
	why = "" // there is no connection
	tryAt = 0
	isLeaving = false
	sending = new Sending()
	seen = new Seen()
	past = new Past(this)
	#wantsOff = false
	#effects = []
	#since = 0 // of this phase, or this connection
	#tries = 0
	#heardAt = 0
	#askedAt = 0
	#held = null // {seconds, until}: for so long the name is asked for again

	constructor(clock, random) {
		Object.assign(this, { clock, random })
	}

	take() {
		if (this.phase === "in") this.sending.take().forEach(message => this.#send(message))
		return this.#effects.splice(0)
	}

	do(what, more) {
		this.#effects.push({ ...more, do: what })
	}

	// With what was kept over a reload.
	start({ isIn, name = "", unsent = [], isOff, ignored }) {
		this.sending.unsent = unsent
		this.#wantsOff = isOff
		this.ignored = new Map(ignored)
		this.wanted.name = name
		if (isIn) this.#enterAgain(RELOADED_SECONDS)
		this.#open()
	}

	get memory() {
		return {
			isIn: this.phase !== "form" && !this.isLeaving,
			name: this.wanted.name,
			unsent: this.sending.memory,
			isOff: this.#wantsOff,
			ignored: [...this.ignored],
		}
	}

	join(name, password) {
		if (this.phase === "entering" && this.link === "open" && !this.tryAt) return // for the answer
		this.wanted = { name, password }
		this.phase = "entering"
		this.wrong = this.#held = null
		if (this.link === "open") this.#knock()
		else if (this.link === "closed") this.#open()
	}

	// Somebody wants it, or is back, or the network may be.
	tryNow() {
		if (!this.tryAt) this.#feelPulse(WOKEN_SECONDS)
		else if (this.link === "closed") this.#open()
		else this.#knock()
	}

	// Gives why not; the text stays where it is then.
	obey({ kind, ...more }) {
		const { name, state } = more
		if (kind === "quit" && this.phase !== "in") return this.#left()
		if (this.phase !== "in" || this.isLeaving) return "You are not in the chat just now. This stays here."
		this.#since = this.clock()
		if (more.lines) this.#say(kind, more)
		else if (kind === "history") this.past.ask(more)
		// After a lost connection the daemon ignores nobody, and refuses that.
		else if (kind === "unignore") this.sending.add(outgoing(kind, more, { isSilent: this.ignored.delete(keyOf(name)) }))
		else if (kind === "ignore") this.#ignore(name)
		else this.sending.add(outgoing(kind, state === "" ? {} : more))
		if (state === "on" || state === "off") this.#wantsOff = state === "off"
		this.isLeaving = kind === "quit"
		return ""
	}

	#ignore(name) {
		if (!name || this.ignores(name)) return this.note(`You ignore ${[...this.ignored.values()].join(", ") || "nobody"}.`)
		this.ignored.set(keyOf(name), name)
		this.sending.add(outgoing("ignore", { name }))
	}

	sendUnsent() {
		for (const { kind, to, text } of this.sending.unsent.splice(0)) this.#say(kind, { to, lines: [text] })
	}

	#say(kind, { to, lines }) {
		const when = { at: this.clock(), after: this.seen.latest }
		for (const text of lines) this.sending.add(outgoing(kind, to ? { to, text } : { text }, when))
	}

	heard(message) {
		this.#isHeard()
		hear(this, message)
	}

	lost() {
		this.link = "closed"
		this.sending.broke()
		this.past.broke()
		this.seen.hasGap(true)
		this.why ||= "The chat cannot be reached."
		if (this.isLeaving) this.#left()
		if (this.phase === "in") {
			this.note(this.why)
			this.#enterAgain(HELD_SECONDS)
		}
		// Who reads the form needs no connection until they want in.
		const isWanted = this.phase === "entering" || !this.hello
		this.tryAt = isWanted ? this.#later() : 0
	}

	tick() {
		const now = this.clock()
		const age = now - this.#since
		const isWaiting = this.link === "opening" || this.phase === "entering"
		if (this.tryAt || this.link === "closed") {
			if (this.tryAt && now >= this.tryAt) this.tryNow()
		} else if (this.#askedAt && now - this.#askedAt >= DEAD_SECONDS) this.#giveUp("Nothing came from the chat any more.")
		else if (isWaiting && age >= JOIN_SECONDS) this.#giveUp("No chat answers there.")
		else this.#feelPulse(QUIET_SECONDS)
		if (this.phase === "in" && age >= SETTLED_SECONDS) this.#tries = 0
		this.past.tick()
	}

	greeted(hello) {
		Object.assign(this, { link: "open", hello, why: "" })
		this.asksPassword ||= hello.password
		if (this.phase === "entering") this.#knock()
	}

	cameIn(name) {
		const { wasIn } = this
		Object.assign(this, { phase: "in", wasIn: true, name, people: [name], wrong: null, isOff: false })
		this.#held = null
		this.#since = this.clock()
		if (!wasIn) this.seen.at(this.hello.at)
		// To the daemon each connection is another visit; to the person here it is one.
		if (this.#wantsOff) this.sending.add(outgoing("record", { state: "off" }, { isSilent: true }))
		this.sending.add(outgoing("list", {}, { isSilent: true }))
		this.past.entered(wasIn)
		this.note(`${wasIn ? "Back in" : "You are in"} the chat as ${name}.`)
		this.do("remember")
	}

	notLetIn(code, text) {
		const held = this.#held
		const now = this.clock()
		const isOurs = held && /name-taken|room-full/.test(code)
		if (isOurs && now < (held.until ||= now + held.seconds)) {
			this.tryAt = this.#later()
			this.why = text
			return
		}
		const isPassword = /password|tries/.test(code)
		const isName = /name|usage|banned|long/.test(code)
		this.asksPassword ||= isPassword
		this.#decide({ field: isPassword ? "password" : isName ? "name" : "door", text })
	}

	// Nor to come back by ourselves.
	putOut(text) {
		this.phase = "form"
		if (text) this.note(text)
		this.#giveUp(text)
		this.#decide(text && { field: "door", text })
	}

	show(item) {
		if (!this.past.holds(item)) this.showNow(item)
	}

	showNow(item) {
		if (!item.at || !this.ignores(item.name)) this.do("show", { item })
	}

	note(text) {
		this.show({ kind: "note", text })
	}

	// A public line as it is shown. `past`: "before", "missed", or "" if it is said now.
	said({ at, name, text }, past = "") {
		const own = name === this.name
		return { kind: "said", at, name, text, own, past, call: !own && calls(this.name, text) ? this.name : "" }
	}

	ignores(name) {
		return this.ignored.has(keyOf(name))
	}

	// Private lines of ours are shown when they have arrived.
	showDelivered() {
		for (const { to, text } of this.sending.takeDelivered()) {
			this.show({ kind: "told", at: new Date().toISOString(), name: this.name, to, text, own: true })
		}
	}

	#enterAgain(seconds) {
		this.phase = "entering"
		this.people = []
		this.#held = { seconds }
	}

	#knock() {
		const { name, password } = this.wanted
		this.tryAt = 0
		this.#since = this.clock()
		if (password) this.#send({ type: "pass", password })
		this.#send({ type: "join", name })
	}

	#open() {
		this.link = "opening"
		this.tryAt = 0
		this.#since = this.clock()
		this.#isHeard()
		this.do("open")
	}

	#giveUp(why) {
		this.why = why
		this.do("close")
		this.lost()
	}

	#left() {
		// Perhaps somebody else is next at this screen.
		Object.assign(this, { isLeaving: false, wasIn: false, answerTo: "", ignored: new Map(), seen: new Seen() })
		this.#wantsOff = false
		this.sending.unsent = []
		this.do("clear")
		this.#decide({ field: "door", text: "You have left the chat." })
		return ""
	}

	#decide(wrong) {
		Object.assign(this, { phase: "form", people: [], tryAt: 0, wrong })
		this.#held = null
		this.do("remember")
	}

	#isHeard() {
		this.#heardAt = this.clock()
		this.#askedAt = 0
	}

	// Silence does not say that the network is dead: this machine may have slept.
	#feelPulse(seconds) {
		if (this.link !== "open" || this.#askedAt || this.clock() - this.#heardAt < seconds) return
		this.#askedAt = this.clock()
		this.#send({ type: "ping", token: "page" })
	}

	// Not all at once who were cut off at once.
	#later() {
		return this.clock() + Math.min(LONGEST_SECONDS, 2 ** this.#tries++) * (0.8 + 0.4 * this.random())
	}

	#send(message) {
		this.do("send", { message })
	}
}
