import { outgoing, Sending } from "/unsent.js"
import { equal } from "./equal.js"

function sending(...items) {
	const made = new Sending()
	for (const item of items) made.add(item)
	return made
}
const AT = "2026-11-20T21:33:01Z"
const say = text => outgoing("say", { text }, { after: Date.parse(AT) })
const tell = text => outgoing("tell", { to: "drew", text })
const texts = items => items.map(({ text }) => text)

export function what_comes_back_was_sent() {
	const made = sending(say("a"), say("b"), say("c"))
	made.take()
	made.echoed("a")
	made.echoed("b\u200b")
	equal(texts(made.pending), ["c"])
	made.broke()
	equal(texts(made.unsent), ["c"])
	equal(made.unsent[0].isPerhaps, true)
}

export function the_list_is_the_receipt_of_private_lines() {
	const made = sending(tell("a"), tell("b"), say("c"))
	equal(made.take().map(({ type }) => type), ["tell", "list", "tell", "list", "say"])
	equal(texts(made.takeDelivered()), [])
	made.answered("list")
	equal(texts(made.takeDelivered()), ["a"])
	made.answered("list")
	equal(texts(made.takeDelivered()), ["b"])
	equal(texts(made.pending), ["c"])
}

export function who_goes_in_the_middle_has_what_came_before() {
	const made = sending(tell("a"), tell("b"), tell("c"))
	made.take()
	made.answered("list")
	equal(made.refused("no-such-user").text, "b")
	made.answered("list")
	equal(made.refused("no-such-user").text, "c")
	made.answered("list")
	equal(texts(made.takeDelivered()), ["a"])
}

export function each_receipt_is_for_one_person() {
	const made = sending(tell("to drew"), outgoing("tell", { to: "eve", text: "to eve" }))
	equal(made.take().map(({ type }) => type), ["tell", "list", "tell", "list"])
	made.answered("list")
	equal(made.refused("no-such-user").text, "to eve")
	made.answered("list")
	equal(texts(made.takeDelivered()), ["to drew"])
}

export function many_private_lines_do_not_wait_for_each_other_for_ever() {
	const made = sending(...Array.from({ length: 40 }, (_, number) => tell(String(number))))
	for (let turn = 0; turn < 40; turn += 1) {
		made.take()
		made.answered("list")
	}
	equal(made.takeDelivered().length, 40)
}

export function a_refusal_is_for_what_it_can_be_for() {
	const made = sending(say("a"), tell("b"), say("c"))
	made.take()
	equal(made.refused("no-such-user").text, "b")
	made.answered("list")
	equal(texts(made.takeDelivered()), [])
	equal(made.refused("muted").text, "c")
	equal(made.refused("muted"), undefined)
}

export function lines_are_kept_in_their_order_and_nothing_else_is() {
	const made = sending(...Array.from({ length: 30 }, (_, number) => say(String(number))), outgoing("list", {}))
	equal(made.take().length, 16)
	made.broke()
	equal(made.unsent.length, 30)
	equal(made.unsent.filter(({ isPerhaps }) => isPerhaps).length, 16)
	made.hasArrived({ at: AT, text: "3" })
	made.hasArrived({ at: AT, text: "20" }) // which was not sent: somebody has said the same
	equal(made.unsent.length, 29)
	made.hasArrived({ at: "2026-11-20T21:33:00Z", text: "4" }) // which was said before
	equal(made.unsent.length, 29)
}
