// What the tests of the parts have in common.

/** Throws if the two are not the same in all their parts. */
export function equal(is, shall) {
	const [one, other] = [JSON.stringify(is), JSON.stringify(shall)]
	if (one !== other) throw new Error(`${one} and not ${other}`)
}
