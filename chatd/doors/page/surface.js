// All that is around the conversation.

import { $, make, write } from "./dom.js"

const SLOW_SECONDS = 1.5
let outbox = ""

export function refresh(room) {
	const { phase, link, hello, sending } = room
	write("title", hello?.title || "chatd")
	write("status", statusOf(room))
	$("find").hidden = !hello?.history
	const bar = barOf(room, room.clock())
	$("bar").hidden = !bar
	write("bar-text", bar)
	$("bar-try").hidden = link === "opening"
	$("bar-stop").hidden = phase !== "entering"
	const isUndecided = phase === "in" && sending.awaits("history")
	const { unsent } = sending
	const slow = sending.pending.filter(({ at }) => room.clock() - at >= SLOW_SECONDS)
	list(unsent.length ? unsent : slow)
	write("outbox-title", outboxOf(unsent, isUndecided, slow.length))
	$("outbox-buttons").hidden = !unsent.length || isUndecided
	$("resend").disabled = phase !== "in"
}

// Who was in keeps the conversation before their eyes.
export function viewOf({ phase, wasIn }) {
	if (phase === "in") return "chat"
	if (!wasIn) return "door"
	return phase === "entering" ? "chat" : "again"
}

function statusOf({ phase, link, hello, name, isLeaving, tryAt }) {
	if (phase === "in") return isLeaving ? "Leaving…" : `Here as ${name}`
	if (link === "opening") return "Connecting…"
	if (phase === "form" && hello) return "Not in the chat"
	if (link === "closed") return "Not connected"
	return tryAt ? "Waiting for your name" : "Joining…"
}

function barOf({ phase, link, why, tryAt }, now) {
	const maybe = link === "open" ? " Perhaps it is your old connection." : ""
	if (tryAt) return `${why}${maybe} Next try in ${Math.ceil(tryAt - now)} s.`
	return phase === "entering" && link === "opening" ? why : ""
}

function outboxOf(unsent, isUndecided, slow) {
	const count = unsent.length || slow
	const lines = count === 1 ? "1 line" : `${count} lines`
	if (!unsent.length) return `${lines} on the way…`
	if (isUndecided) return "Looking whether what you said has arrived…"
	return `${lines} ${unsent.every(({ why }) => why) ? "not sent" : "not known to be sent"}`
}

function list(items) {
	$("outbox").hidden = !items.length
	const now = JSON.stringify(items)
	if (now !== outbox) $("outbox-lines").replaceChildren(...items.map(lineOf))
	outbox = now
}

function lineOf({ text, to, why = "" }) {
	const line = make("li", "", to ? `to ${to}: ` : "", `${text} `, make("span", "why", why))
	line.dir = "auto"
	return line
}
