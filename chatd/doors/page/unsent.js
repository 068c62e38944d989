// The lines of this end. The daemon answers in order. A private line has no answer if all is well, so
// a "list" follows it as its receipt.

import { isSame } from "./text.js"

const WINDOW = 16 // on their way at most, to a slow daemon
const HAS_NO_ANSWER = /tell|ignore|order/
const REFUSABLE = {
	"no-such-user": HAS_NO_ANSWER,
	muted: /say|tell/,
	"not-operator": /order/,
	"is-operator": /order/,
	"history-off": /history|record/,
}

const isLine = ({ text }) => text
const perhaps = item => ({ ...item, isPerhaps: true })

// Something for the daemon; a line has a text, and a private one a `to`.
export const outgoing = (kind, message, more) => ({ kind, message: { type: kind, ...message }, ...message, ...more })

export class Sending {
	#waiting = []
	#sent = []
	#delivered = []
	// Perhaps nobody has seen these; somebody decides about them.
	unsent = []

	add(item) {
		this.#waiting.push(item)
	}

	take() {
		const before = this.#sent.length
		while (this.#waiting.length && this.#sent.length < WINDOW) {
			const item = this.#waiting.shift()
			this.#sent.push(item)
			if (HAS_NO_ANSWER.test(item.kind)) this.#sent.push(outgoing("list", {}, { isSilent: true }))
		}
		return this.#sent.slice(before).map(({ message }) => message)
	}

	// A line of our own has come back. Nobody else has our name, so it is one of these.
	echoed(text) {
		const said = this.#sent.filter(({ kind }) => kind === "say")
		this.#answer(said.find(item => isSame(item.text, text)) ?? said[0])
	}

	answered(kind) {
		return this.#answer(this.#sent.find(item => item.kind === kind))
	}

	refused(code) {
		const item = this.#sent.find(({ kind }) => (REFUSABLE[code] ?? /./).test(kind))
		if (item) item.isRefused = true
		return this.#answer(item)
	}

	// Whether the next list or history that comes is the answer to this.
	isNext(item) {
		return item && this.#sent.find(({ kind }) => kind === "list" || kind === "history") === item
	}

	takeDelivered() {
		return this.#delivered.splice(0)
	}

	// Lines are kept, and what else was asked for is forgotten.
	broke() {
		this.unsent.push(...this.#sent.filter(isLine).map(perhaps), ...this.#waiting.filter(isLine))
		this.#sent = []
		this.#waiting = []
	}

	hasArrived({ at, text }) {
		const place = this.unsent.findIndex(item => item.isPerhaps && !item.to && item.after <= Date.parse(at) && isSame(item.text, text))
		if (place >= 0) this.unsent.splice(place, 1)
	}

	get pending() {
		return [...this.#sent, ...this.#waiting].filter(isLine)
	}

	get memory() {
		return [...this.unsent, ...this.pending.map(perhaps)]
	}

	awaits(kind) {
		return this.#sent.some(item => item.kind === kind)
	}

	// Whatever was sent before it has been dealt with, too.
	#answer(item) {
		const done = this.#sent.splice(0, this.#sent.indexOf(item) + 1)
		this.#delivered.push(...done.filter(({ kind, isRefused }) => kind === "tell" && !isRefused))
		return item
	}
}
