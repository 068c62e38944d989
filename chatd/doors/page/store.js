// What a tab remembers over a reload, and this browser. Without a storage, nothing is.

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
