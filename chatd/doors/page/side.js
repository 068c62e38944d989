// Who is here, and the switches: beside the conversation, or in a drawer.

import { $, ask, button, make, tint, write } from "./dom.js"

const narrow = matchMedia("(max-width: 53.99rem)")
let shown = ""

export function fill(obey, onTell) {
	$("side-close").onclick = $("shade").onclick = close
	for (const kind of ["help", "quit"]) {
		$(kind).onclick = () => {
			close()
			obey({ kind })
		}
	}
	$("people").onclick = open
	$("record").onchange = ({ target }) => obey({ kind: "record", state: target.checked ? "on" : "off" })
	$("unrecord").onclick = async () => {
		const words = "Remove what was kept of you since this connection began? Nothing brings it back."
		if (await ask(words, "Remove it")) obey({ kind: "record", state: "forget" })
	}
	$("names").onclick = ({ target }) => {
		const { name, kind } = target.closest("button")?.dataset ?? {}
		if (kind) return obey({ kind, name })
		close()
		if (name) onTell(name)
	}
	narrow.onchange = () => slide(false)
}

export function refresh(room) {
	const { people, hello, sending, isOff } = room
	const here = people.length ? `${people.length} here` : "People"
	write("people", here)
	write("here", here)
	$("record-row").hidden = !hello?.history
	if (!sending.awaits("record")) $("record").checked = !isOff
	$("kept").hidden = !isOff
	const now = JSON.stringify([people, [...room.ignored], room.name])
	if (now !== shown) list(room)
	shown = now
}

export function open() {
	if (!narrow.matches) return
	slide(true)
	$("side-close").focus()
}

// Whether it was open.
export function close() {
	const isOpen = $("talk").inert
	slide(false)
	if (isOpen) $("people").focus()
	return isOpen
}

// What lies under the drawer can't be reached meanwhile.
function slide(isOpen) {
	$("side").classList.toggle("open", isOpen)
	$("people").ariaExpanded = String(isOpen)
	$("shade").hidden = !isOpen
	$("talk").inert = isOpen
}

function list(room) {
	const { name, kind = "" } = document.activeElement.dataset
	$("names").replaceChildren(...room.people.map(each => row(each, room)))
	// Whoever was about to press a button still is.
	if (name) ($("names").querySelector(`[data-name="${CSS.escape(name)}"]${kind && "[data-kind]"}`) ?? $("help")).focus()
}

function row(name, room) {
	const shown = make("bdi", "", name)
	if (name === room.name) return make("li", "self", shown, "\xa0(you)")
	const isIgnored = room.ignores(name)
	const words = isIgnored ? "Hear again" : "Ignore"
	const person = button(shown, "person quiet", `Private line to ${name}`)
	const ignore = button(words, "ignore quiet", `${words}: ${name}`)
	person.dataset.name = ignore.dataset.name = name
	ignore.dataset.kind = isIgnored ? "unignore" : "ignore"
	return tint(make("li", isIgnored ? "ignored" : "", person, ignore), name)
}
