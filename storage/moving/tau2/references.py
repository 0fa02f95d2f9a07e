"""What must hold between the parts of a tau-bench retail database, beyond its shape."""

from collections import Counter
from collections.abc import Iterator

from storage.moving.tau2.schema import Database, Order, User
from storage.shop.orders import OrderStatus, PaymentType
from storage.shop.spelling import alike, plain_id, stored_email

UNPAID = (OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED)


def find_problems(database: Database) -> Iterator[str]:
    """Yield each value that contradicts the rest of the file: its path, and why."""
    for name, ids in (("products", database.products), ("orders", database.orders), ("users", database.users)):
        for earlier, same in alike(ids):
            yield f"{name}.{same}: it is {name}.{earlier} in another spelling"
    yield from _in_products(database)
    yield from _in_orders(database)
    yield from _in_users(database)


def _in_orders(database: Database) -> Iterator[str]:
    for key, order in database.orders.items():
        place = f"orders.{key}"
        if order.order_id != key:
            yield f"{place}.order_id: it is {order.order_id}, but it stands under {key}"
        user = database.users.get(order.user_id)
        if user is None:
            yield f"{place}.user_id: there is no user {order.user_id}"
            continue
        if key not in user.orders:
            yield f"{place}.user_id: users.{order.user_id}.orders does not name this order"
        yield from _in_items(database, order, place)
        yield from _in_payments(user, order, place)
        yield from _in_requests(database, user, order, place)


def _in_products(database: Database) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key, product in database.products.items():
        if product.product_id != key:
            yield f"products.{key}.product_id: it is {product.product_id}, but it stands under {key}"
        for item_id, variant in product.variants.items():
            place = f"products.{key}.variants.{item_id}"
            if variant.item_id != item_id:
                yield f"{place}.item_id: it is {variant.item_id}, but it stands under {item_id}"
            if plain_id(item_id) in seen:
                yield f"{place}: product {seen[plain_id(item_id)]} has an item of this id already"
            seen[plain_id(item_id)] = key


def _in_users(database: Database) -> Iterator[str]:
    emails: dict[str, str] = {}
    for key, user in database.users.items():
        place = f"users.{key}"
        if user.user_id != key:
            yield f"{place}.user_id: it is {user.user_id}, but it stands under {key}"
        for earlier, same in alike(user.payment_methods):
            yield f"{place}.payment_methods.{same}: it is {earlier} in another spelling"
        for method_id, method in user.payment_methods.items():
            if method.id != method_id:
                yield f"{place}.payment_methods.{method_id}.id: it is {method.id}, but it stands under {method_id}"
        other = emails.setdefault(stored_email(user.email), key)
        if other != key:
            yield f"{place}.email: {user.email} is the email of {other} already"
        yield from _in_list_of_orders(database, user, place)


def _in_list_of_orders(database: Database, user: User, place: str) -> Iterator[str]:
    for number, order_id in enumerate(user.orders):
        order = database.orders.get(order_id)
        if order is None:
            yield f"{place}.orders[{number}]: there is no order {order_id}"
        elif order.user_id != user.user_id:
            yield f"{place}.orders[{number}]: order {order_id} is {order.user_id}'s"
        elif order_id in user.orders[:number]:
            yield f"{place}.orders[{number}]: {order_id} is named twice"


def _in_items(database: Database, order: Order, place: str) -> Iterator[str]:
    for number, item in enumerate(order.items):
        product = database.products.get(item.product_id)
        if product is None:
            yield f"{place}.items[{number}].product_id: there is no product {item.product_id}"
        elif item.item_id not in product.variants:
            yield f"{place}.items[{number}].item_id: product {item.product_id} has no item {item.item_id}"
    bought = {item.item_id for item in order.items}
    for number, parcel in enumerate(order.fulfillments):
        for index, item_id in enumerate(parcel.item_ids):
            if item_id not in bought:
                yield f"{place}.fulfillments[{number}].item_ids[{index}]: the order has no item {item_id}"


def _in_payments(user: User, order: Order, place: str) -> Iterator[str]:
    for number, payment in enumerate(order.payment_history):
        if payment.payment_method_id not in user.payment_methods:
            yield (
                f"{place}.payment_history[{number}].payment_method_id: "
                f"{user.user_id} has no payment method {payment.payment_method_id}"
            )
    paid = sum(
        payment.amount if payment.transaction_type is PaymentType.PAYMENT else -payment.amount
        for payment in order.payment_history
    )
    worth = sum(item.price for item in order.items)
    # A shop may keep a fee of a cancelled order, and nobody may have paid for a pending one yet.
    kept = order.status is OrderStatus.CANCELLED and 0 <= paid <= worth
    unpaid = order.status in UNPAID and not any(payment.amount for payment in order.payment_history)
    if paid != worth and not kept and not unpaid:
        yield (
            f"{place}.payment_history: payments less refunds are {paid / 100:.2f}, "
            f"but the order is worth {worth / 100:.2f}"
        )


def _in_requests(database: Database, user: User, order: Order, place: str) -> Iterator[str]:
    if order.cancel_reason is not None and order.status is not OrderStatus.CANCELLED:
        yield f"{place}.cancel_reason: the order is {order.status}, not cancelled"
    bought = Counter(item.item_id for item in order.items)
    for field, asked in (("return_items", order.return_items), ("exchange_items", order.exchange_items)):
        for item_id in Counter(asked or ()) - bought:
            yield f"{place}.{field}: the order does not have {item_id}, or not as often"
    for field in ("return_payment_method_id", "exchange_payment_method_id"):
        method_id = getattr(order, field)
        if method_id is not None and method_id not in user.payment_methods:
            yield f"{place}.{field}: {user.user_id} has no payment method {method_id}"
    yield from _in_exchange(database, order, place)


def _in_exchange(database: Database, order: Order, place: str) -> Iterator[str]:
    new_items = order.exchange_new_items or []
    if len(order.exchange_items or []) != len(new_items):
        yield f"{place}.exchange_new_items: exchange_items and exchange_new_items differ in length"
    sold = {item_id for item in order.items for item_id in _items_of(database, item.product_id)}
    for number, item_id in enumerate(new_items):
        if item_id not in sold:
            yield f"{place}.exchange_new_items[{number}]: no product of the order has an item {item_id}"


def _items_of(database: Database, product_id: str) -> set[str]:
    product = database.products.get(product_id)
    return set() if product is None else set(product.variants)
