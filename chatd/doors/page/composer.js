// Where a line is typed. Nothing leaves the box before the room has taken it.

import { $, ask, write } from "./dom.js"
import { meaning } from "./typed.js"

const MOST_ROWS = 8
const box = $("text")
let to = ""
let answerTo = ""
let meant

// `obey(meant)` gives why not.
export function compose(obey, context) {
	const send = async event => {
		event.preventDefault()
		changed()
		if (meant.kind === "nothing" || meant.left < 0) return
		if (meant.ask && !(await ask(meant.ask, "Say them"))) return box.focus()
		const why = meant.why ?? obey(meant)
		if (why) return hint(why)
		setDraft({})
		// Where the answer has taken the focus, it stays there.
		if ($("found").hidden) box.focus()
	}
	box.onkeydown = event => {
		// In an input method, Enter chooses a word (229: in Safari's).
		if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event)
	}
	$("compose").onsubmit = send
	$("compose").oninput = changed
	$("to-all").onclick = () => address("")

	function changed() {
		box.rows = Math.min(MOST_ROWS, box.value.split("\n").length)
		// Not who writes meanwhile.
		answerTo = /^\W*reply/i.test(box.value) ? answerTo || context().answerTo : ""
		meant = meaning(box.value, { ...context(), to, answerTo })
		hint(meant.left < 0 ? `Too long by ${-meant.left} bytes.` : "")
	}
}

// From now on for this person alone; "": for everyone.
export function address(name) {
	to = name
	$("compose").classList.toggle("private", to !== "")
	$("to").hidden = !to
	write("to-name", to)
	box.ariaLabel = box.placeholder = to ? `Private line to ${to}` : "Say something"
	box.focus()
}

export const getDraft = () => ({ text: box.value, to, answerTo })

export function setDraft({ text = "", to = "", answerTo: whom = "" }) {
	if (to) address(to)
	answerTo = whom
	box.value = text
	$("compose").oninput()
}

// Why nothing is sent.
export function hint(wrong) {
	write("wrong", wrong)
	box.ariaInvalid = String(wrong !== "")
}
