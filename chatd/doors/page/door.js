// The form by which one comes in: what is wrong is said where it is wrong.

import { $, write } from "./dom.js"

const name = $("name")
const password = $("password")
let shown = null

export function open(onJoin) {
	$("door").onsubmit = event => {
		event.preventDefault()
		if (name.value.trim()) onJoin(name.value.trim(), password.value)
		else explain({ field: "name", text: "Please choose a name." })
	}
	$("guest").onclick = () => onJoin("", password.value)
}

export function refresh({ wrong, wasIn, phase, hello, asksPassword }) {
	$("password-field").hidden = !asksPassword
	$("guest").hidden = !hello?.guests
	write("door-title", wasIn ? "Join again" : "Join the chat")
	write("join", phase === "entering" ? "Joining…" : "Join")
	if (wrong !== shown) explain(wrong)
}

export function focus() {
	(shown?.field === "password" ? password : name).select()
}

function explain(wrong) {
	shown = wrong
	for (const field of ["name", "password", "door"]) {
		const isIt = (wrong?.field ?? "none") === field
		write(`${field}-wrong`, isIt ? wrong.text : "")
		if (field !== "door") $(field).ariaInvalid = String(isIt)
	}
	if (wrong) focus()
}
