// Joins the room to the screen, the network and the clock.

import * as attention from "./attention.js"
import { address, compose, getDraft, hint, setDraft } from "./composer.js"
import { $ } from "./dom.js"
import * as door from "./door.js"
import * as finding from "./finding.js"
import { Log } from "./log.js"
import { Room } from "./room.js"
import * as side from "./side.js"
import * as socket from "./socket.js"
import { ofBrowser, ofTab } from "./store.js"
import * as surface from "./surface.js"

const room = new Room(() => performance.now() / 1000, Math.random)
const log = new Log($("log"), $("newer"), address)
let isDue = false

const EFFECTS = {
	open: () => socket.open(message => act(() => room.heard(message)), () => act(() => room.lost())),
	close: socket.close,
	send: ({ message }) => socket.send(message),
	show({ item }) {
		attention.came(item)
		log.add(item)
	},
	clear() {
		log.clear()
		address("")
		setDraft({})
	},
	found: finding.show,
	remember() {
		hint("")
		remember()
	},
}

// Whatever happens goes in by here.
function act(work) {
	const result = work()
	for (const effect of room.take()) EFFECTS[effect.do](effect)
	// Once for each frame.
	if (!isDue && document.hidden) setTimeout(refresh, 200)
	else if (!isDue) requestAnimationFrame(refresh)
	isDue = true
	return result
}

// Gives why not.
function obey(meant) {
	if (meant.kind === "help") return finding.help()
	if (meant.kind === "list") side.open()
	const why = act(() => room.obey(meant))
	if (meant.kind === "history" && !why) finding.open("Looking…")
	return why
}

function tell(name) {
	finding.close()
	address(name)
}

function remember() {
	ofTab.set({ ...room.memory, draft: getDraft() })
	if (room.phase === "in" && room.wanted.name) ofBrowser.set({ name: room.wanted.name })
}

function refresh() {
	isDue = false
	for (const part of [attention, surface, door, side]) part.refresh(room)
	log.flush()
	const view = surface.viewOf(room)
	const before = document.body.className
	if (view === before) return
	document.body.className = view
	side.close()
	finding.close()
	if (view === "chat") $("text").focus()
	else if (before === "chat") door.focus()
}

compose(obey, () => ({ answerTo: room.answerTo, most: room.hello?.line_bytes }))
finding.offer(obey)
side.fill(meant => hint(obey(meant) || ""), tell)
door.open((name, password) => act(() => room.join(name, password)))
$("bar-try").onclick = () => act(() => room.tryNow())
$("bar-stop").onclick = () => act(() => room.putOut(""))
$("resend").onclick = () => act(() => room.sendUnsent())
$("forget").onclick = () => act(() => (room.sending.unsent = []))
addEventListener("keydown", ({ key, isComposing }) => {
	if (key !== "Escape" || isComposing || $("ask").open) return
	// What is typed for one person stays so.
	if (!side.close() && !finding.close() && !getDraft().text) address("")
})
addEventListener("online", () => act(() => room.tryNow()))
addEventListener("pagehide", remember)
addEventListener("beforeunload", event => {
	if (room.sending.unsent.length) event.preventDefault()
})
document.addEventListener("visibilitychange", () => {
	isDue = false // who is hidden draws no frame
	act(() => (document.hidden ? remember() : room.tryNow()))
})
setInterval(() => act(() => room.tick()), 1000)

// A keyboard on the screen (iOS) covers nothing.
visualViewport.onresize = () => {
	const { scale, height } = visualViewport
	document.body.style.setProperty("--height", scale === 1 ? `${height}px` : "")
	scrollTo(0, 0)
}

const left = ofTab.get()
$("name").value = left.name || ofBrowser.get().name || ""
setDraft(left.draft ?? {})
act(() => room.start(left))
door.focus()
