// What the daemon says, and what it means for this end.

import { keyOf } from "./text.js"

// The daemon closes the connection after these, and we come back by ourselves…
const PARTING = /^(too-slow|join-timeout|too-many-connections|internal)$/
// …and after these if somebody wants to.
const PUTTING_OUT = /^(kicked|banned|idle-timeout)$/

export function hear(room, message) {
	if (Object.hasOwn(HEAR, message.type)) HEAR[message.type](room, message)
	room.showDelivered()
}

function refused(room, code, text) {
	const item = room.sending.refused(code)
	if (item?.kind === "ignore") room.ignored.delete(keyOf(item.name))
	if (item?.isSilent || room.past.refused(item, text)) return
	if (item?.text) room.sending.unsent.push({ ...item, why: text })
	else room.note(text)
}

const HEAR = {
	hello: (room, hello) => room.greeted(hello),
	said(room, line) {
		room.seen.saw(line)
		if (line.name === room.name) room.sending.echoed(line.text)
		room.show(room.said(line))
	},
	told(room, { at, name, text }) {
		if (!room.ignores(name)) room.answerTo = name
		room.seen.at(at)
		room.show({ kind: "told", at, name, to: room.name, text, call: room.name })
	},
	// Nobody hears of others before being in, so the first to join is oneself.
	joined(room, { name }) {
		if (room.phase === "entering") return room.cameIn(name)
		room.people = [...new Set([...room.people, name])]
		room.show({ kind: "note", name, text: " joined" })
	},
	left(room, { name }) {
		room.people = room.people.filter(each => each !== name)
		room.show({ kind: "note", name, text: " left" })
	},
	people(room, { names }) {
		room.people = names
		if (!room.sending.answered("list")?.isSilent) room.note(`${names.length} here: ${names.join(", ")}`)
	},
	error(room, { code, text }) {
		if (PARTING.test(code)) room.why = text
		else if (room.phase === "entering") room.notLetIn(code, text)
		else if (PUTTING_OUT.test(code)) room.putOut(text)
		else if (room.phase === "in") refused(room, code, text)
	},
	// Before we are in it is about a password that was not needed.
	announced: (room, { text }) => room.phase === "in" && room.note(text),
	recalled: (room, { lines }) => room.past.recalled(lines),
	"history-end": room => room.past.ended(),
	record(room, { state, text }) {
		if (state !== "forget") room.isOff = state === "off"
		if (!room.sending.answered("record")?.isSilent) room.note(text)
	},
	closed(room) {
		room.why = "The chat is closing."
	},
}
