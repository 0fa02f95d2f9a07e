"""One wish of the customer, taken to its next step: a tool call, or words."""

from dataclasses import dataclass, field

from team.standin.completion import Call
from team.standin.roles.arguments import ADDRESS, TICKET, MissingArgumentError, Source, fill
from team.standin.roles.subject import (
    another_one,
    fitting,
    lines_meant,
    listed_before,
    order_meant,
    product_meant,
    variant_meant,
)
from team.standin.speaking.answers import CURRENCY, item_row, method_name, order_row, tell, ticket_row, variant_row
from team.standin.speaking.pictures import look
from team.standin.speaking.replies import known, say
from team.standin.understanding.conversation import Conversation, Done
from team.standin.understanding.order_ids import names_unreadably
from team.standin.understanding.wishes import Wish
from team.standin.understanding.words import said
from team.standin.wire import Json

HAND_OVER = "hand_over"
IDENTIFY, LOOK, SEARCH = "identify_product", "inspect_image", "search_policies"

Step = Call | str


@dataclass
class Task:
    """Works out one wish; `alone` if it is the message's only one. `settled` grows as facts are found."""

    wish: Wish
    conversation: Conversation
    alone: bool = True
    tool: str = ""
    settled: Json = field(default_factory=dict)

    def next(self) -> Step:
        """Return the next call, or what to say; empty if another specialist has answered."""
        if self.wish.intent.tool in self.conversation.tools:
            self.tool = self.wish.intent.tool
        for step in (self._make_do, self._find_order, self._look_up, self._act):
            found = step()
            if found is not None:
                return found
        return ""

    @property
    def owner(self) -> str:
        """The other specialist this is for; empty if we have its tool, or nobody else was offered."""
        function, intent = self.conversation.tools.get(HAND_OVER), self.wish.intent
        ours = {intent.tool, intent.look_up or intent.tool} <= set(self.conversation.tools)
        if function is None or ours or self.conversation.results(HAND_OVER):
            return ""
        offered = function.properties["specialist"]["enum"]
        return next((name for name in (intent.owner, intent.specialist) if name in offered), "")

    def _say(self, key: str, **facts: object) -> str:
        return say(self.conversation.language, key, **facts)

    def _make_do(self) -> Step | None:
        """If we do not have the tool, do the next best thing."""
        if self.tool:
            return None
        self.tool = next((tool for tool in self.wish.intent.instead if tool in self.conversation.tools), "")
        return None if self.tool else self._own_eyes() or self._unable()

    def _unable(self) -> str:
        return self._say("other.colleague") if self.alone else self._say("other.separately", text=self.wish.text)

    def _own_eyes(self) -> str:
        """Describe the picture itself, if no tool can look at it."""
        pictures = self.conversation.pictures
        return look(pictures[-1]).described(self.conversation.language) if pictures else ""

    def _find_order(self) -> Step | None:
        """Settle which order is meant, from the list of orders if none is named."""
        if not self.wish.intent.several:
            return None
        if names_unreadably(self.conversation.message):
            return self._say("ask.order_id")
        if meant := order_meant(self.wish.text, self.conversation):
            self.settled["order_id"] = meant
            return None
        if self.tool != self.wish.intent.tool or self.conversation.results(self.tool):
            return None
        listed = self.conversation.results("list_orders")
        if not listed:
            return Call("list_orders", {}) if "list_orders" in self.conversation.tools else self._say("ask.order_id")
        return self._pick_order(listed[0])

    def _pick_order(self, listed: Done) -> str | None:
        if listed.data is None or not listed.data["orders"]:
            return tell(listed, self.conversation)
        orders = self._others(listed.data["orders"])
        fit = fitting(orders, self.wish.intent, self.wish.text)
        if len(fit) == 1:
            self.settled["order_id"] = fit[0]["order_id"]
            return None
        rows = "\n".join(order_row(order, self.conversation.language) for order in fit or orders)
        return self._say("ask.which_order" if fit else "order.none_fits", orders=rows)

    def _others(self, orders: list[Json]) -> list[Json]:
        """Return the orders a wish may be about; if it wants another one, leave out those already mentioned."""
        spoken = listed_before(self.conversation) if another_one(self.conversation) else []
        return [order for order in orders if order["order_id"] not in spoken] or orders

    def _look_up(self) -> Step | None:
        """Look up what the tool works on, and settle the arguments that follow from it."""
        source = self.wish.intent.look_up
        if (
            source not in self.conversation.tools
            or self.tool == source
            or (source == "get_order" and "order_id" not in self.settled)
            or (source == "list_tickets" and TICKET.search(self.conversation.message))
        ):
            return None
        seen = self._results(source)
        if not seen:
            return self._call(source)
        if seen[0].data is None:
            return tell(seen[0], self.conversation)
        return LOOK_UPS[source](self, seen[0].data)

    def _seen_order(self, order: Json) -> Step | None:
        if not self.wish.intent.items or self.tool != self.wish.intent.tool:
            return None
        lines = lines_meant(order, self.wish.text)
        if not lines:
            rows = "\n".join(item_row(line) for line in order["lines"])
            return self._say("ask.which_item", order_id=order["order_id"], items=rows)
        self.settled |= {"item_ids": [line["item_id"] for line in lines], "item_id": lines[0]["item_id"]}
        self.settled["payment_method_id"] = order["payments"][0]["payment_method_id"]
        return self._choose_variants(lines) if self.wish.intent.variant else None

    def _choose_variants(self, lines: list[Json]) -> Step | None:
        chosen: list[str] = []
        for line in lines:
            seen = [
                one
                for one in self.conversation.results("get_product")
                if one.arguments.get("product_id") == line["product_id"]
            ]
            if not seen and "get_product" in self.conversation.tools:
                return Call("get_product", {"product_id": line["product_id"]})
            if not seen or seen[0].data is None:
                return tell(seen[0], self.conversation) if seen else self._say("other.colleague")
            variant = variant_meant(seen[0].data, line, self.wish.text)
            if variant is None:
                return self._ask_variant(seen[0].data, line)
            chosen.append(variant["item_id"])
        self.settled["new_item_ids"] = chosen
        return None

    def _ask_variant(self, product: Json, line: Json) -> str:
        free = [one for one in product["variants"] if one["available"] and one["item_id"] != line["item_id"]]
        rows = [variant_row(one, self.conversation.language, product.get("currency", CURRENCY)) for one in free]
        return self._say("ask.which_variant", name=product["name"], variants="\n".join(rows))

    def _seen_customer(self, customer: Json) -> Step | None:
        methods = customer["payment_methods"]
        wanted = said(self.wish.text, "values")
        chosen = [one for one in methods if _is_meant(one, wanted, self.wish.text)]
        if not chosen:
            rows = "\n".join(f"- {method_name(one, self.conversation.language)}" for one in methods)
            return self._say("ask.which_payment", methods=rows)
        self.settled["payment_method_id"] = chosen[0]["payment_method_id"]
        return None

    def _seen_products(self, found: Json) -> Step | None:
        if not found["products"]:
            return self._say("product.none")
        self.settled["product_id"] = product_meant(found["products"], self.wish.text)["product_id"]
        return None

    def _seen_tickets(self, listed: Json) -> Step | None:
        tickets = listed["tickets"]
        still_open = [one for one in tickets if one["status"] == "open"]
        fit = still_open or tickets
        if len(fit) == 1:
            self.settled["ticket_id"] = fit[0]["ticket_id"]
            return None
        rows = "\n".join(ticket_row(one, self.conversation.language) for one in fit)
        return self._say("ask.which_ticket", tickets=rows) if fit else self._say("ticket.none")

    def _act(self) -> Step | None:
        """Call the tool, or report its result; if the customer left something out, ask or do the next best thing."""
        if done := self._results(self.tool):
            return self._finish(done[0])
        return self._call(self.tool)

    def _finish(self, done: Done) -> Step:
        if done.name == IDENTIFY and done.data is not None and not done.data["products"]:
            return self._not_identified()
        if done.outcome == "waiting":
            return ""
        told = tell(done, self.conversation, self.wish.intent.name)
        more = self.wish.intent.then
        if more not in self.conversation.tools or more == self.tool:
            return told
        after = self.conversation.results(more)
        return f"{told}\n\n{tell(after[0], self.conversation)}" if after else self._call(more)

    def _not_identified(self) -> Step:
        """The picture shows nothing the shop sells: say so, and what it does show."""
        sight = self.conversation.results(LOOK)
        if not sight and LOOK in self.conversation.tools:
            return self._call(LOOK)
        unknown = self._say("product.not_identified")
        return f"{unknown} {tell(sight[0], self.conversation)}" if sight else unknown

    def _call(self, tool: str) -> Step:
        source = Source(self.wish.text, self.conversation, self.settled, whole_sentence=tool == SEARCH)
        try:
            return Call(tool, fill(self.conversation.tools[tool], source))
        except MissingArgumentError as missing:
            return self._without(missing.names)

    def _without(self, missing: list[str]) -> Step:
        """If the customer has no picture or ticket number, use the next best tool that needs none."""
        if missing[0] in ("image_id", "ticket_id"):
            choices = self.wish.intent.instead
            rest = choices[choices.index(self.tool) + 1 :] if self.tool in choices else choices
            self.tool = next((other for other in rest if other in self.conversation.tools), "")
            if self.tool:
                return self._act() or ""
        return ("image_id" in missing and self._own_eyes()) or self._ask_for(missing)

    def _ask_for(self, missing: list[str]) -> str:
        if set(missing) & set(ADDRESS):
            return self._say("ask.address")
        name = missing[0].replace("image_id", "picture")
        if known("ask", name):
            return self._say(f"ask.{name}")
        return self._say("ask.more", missing=", ".join(one.replace("_", " ") for one in missing))

    def _results(self, tool: str) -> list[Done]:
        """Return this turn's calls of the tool; among several orders or questions, only those for this one."""
        done = self.conversation.results(tool)
        if tool == SEARCH and not self.alone:
            return [one for one in done if one.arguments.get("query") == self.wish.text]
        order_id = str(self.settled.get("order_id", "")).lstrip("#")
        same = [one for one in done if str(one.arguments.get("order_id", "")).lstrip("#") == order_id]
        return (
            same
            if order_id and same
            else done
            if not order_id
            else [one for one in done if "order_id" not in one.arguments]
        )


def _is_meant(method: Json, wanted: list[str], text: str) -> bool:
    names = {str(method.get("kind", "")).lower(), str(method.get("brand", "")).lower()}
    return bool(names & set(wanted)) or (bool(method.get("last_four")) and str(method["last_four"]) in text)


LOOK_UPS = {
    "get_order": Task._seen_order,
    "get_customer": Task._seen_customer,
    "search_products": Task._seen_products,
    "list_tickets": Task._seen_tickets,
}
