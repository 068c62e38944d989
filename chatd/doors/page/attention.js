// For whoever does not look at the page: a count in its title, and notifications if they are wanted.

import { byId, setText } from "./dom.js";
import { ofBrowser } from "./store.js";

const isPossible = "Notification" in window && isSecureContext;
const wanted = byId("notify");
const isGranted = () => isPossible && Notification.permission === "granted";

export class Attention {
	#unseen = 0;
	#title = "chatd";

	constructor() {
		byId("notify-row").hidden = !isPossible;
		wanted.checked = ofBrowser.get().notify === true && isGranted();
		wanted.onchange = () => this.#choose();
		document.addEventListener("visibilitychange", () => {
			if (!document.hidden) this.#count(0);
		});
	}

	set title(title) {
		if (title === this.#title) return;
		this.#title = title;
		this.#count(this.#unseen);
	}

	/** Something is shown. */
	came({ at, kind, own, past, call, name, text }) {
		if (!at || own || past === "before") return;
		if (document.hidden) this.#count(this.#unseen + 1);
		if (call && !document.hasFocus() && wanted.checked && isGranted()) {
			notify(kind === "told" ? `${name}, in private` : name, text);
		}
	}

	async #choose() {
		const { checked } = wanted;
		if (checked && !isGranted()) wanted.checked = (await Notification.requestPermission()) === "granted";
		const isBlocked = checked && !wanted.checked;
		setText(byId("notify-text"), isBlocked ? "Your browser blocks notifications" : "Notify me when I am called");
		ofBrowser.set({ ...ofBrowser.get(), notify: wanted.checked });
	}

	#count(unseen) {
		this.#unseen = unseen;
		document.title = unseen ? `(${unseen}) ${this.#title}` : this.#title;
	}
}

function notify(title, body) {
	try {
		const shown = new Notification(title, { body, icon: "icon.svg", tag: location.pathname });
		shown.onclick = () => {
			window.focus();
			shown.close();
		};
	} catch {
		// Android's browsers have them for service workers alone.
	}
}
