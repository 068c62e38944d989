// What is remembered: of this tab over a reload, and of this browser from one day to the next.
// A browser may have no storage for us, and then nothing is.

const KEY = `chatd ${location.pathname}`; // several rooms may be at one address

const at = (storage) => ({
	get() {
		try {
			return JSON.parse(storage().getItem(KEY)) ?? {};
		} catch {
			return {};
		}
	},
	set(value) {
		try {
			storage().setItem(KEY, JSON.stringify(value));
		} catch {
			// It is a convenience.
		}
	},
});

export const ofTab = at(() => sessionStorage);
export const ofBrowser = at(() => localStorage);
