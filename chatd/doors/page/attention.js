// For whoever does not look at the page: a count in its title, and notifications.

import { $ } from "./dom.js"
import { ofBrowser } from "./store.js"

const isPossible = "Notification" in window && isSecureContext
const wanted = $("notify")
let unseen = 0

$("notify-row").hidden = !isPossible
wanted.checked = isPossible && Notification.permission === "granted" && ofBrowser.get().notify
wanted.onchange = async () => {
	wanted.checked &&= (await Notification.requestPermission()) === "granted"
	ofBrowser.set({ notify: wanted.checked })
}

// Something is shown.
export function came({ at, kind, own, past, call, name, text }) {
	if (!at || own || past === "before") return
	if (document.hidden) unseen += 1
	if (!call || !wanted.checked || document.hasFocus()) return
	try {
		const heading = kind === "told" ? `${name}, in private` : name
		const shown = new Notification(heading, { body: text, icon: "icon.svg", tag: location.pathname })
		shown.onclick = () => window.focus()
	} catch {
		// Android's browsers have them for service workers alone.
	}
}

export function refresh({ hello }) {
	if (!document.hidden) unseen = 0
	const now = `${unseen ? `(${unseen}) ` : ""}${hello?.title || "chatd"}`
	if (document.title !== now) document.title = now
}
