// What is remembered: of this tab over a reload, and of this browser from one day to the next. Where
// a browser has no storage for us, nothing is.

const KEY = `chatd ${location.pathname}` // several rooms may be at one address

const at = storage => ({
	get() {
		try {
			return JSON.parse(window[storage].getItem(KEY)) ?? {}
		} catch {
			return {}
		}
	},
	set(value) {
		try {
			window[storage].setItem(KEY, JSON.stringify({ ...this.get(), ...value }))
		} catch {
			// It is a convenience.
		}
	},
})

export const ofTab = at("sessionStorage")
export const ofBrowser = at("localStorage")
