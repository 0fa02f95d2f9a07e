"""The ids by which a tau-bench file's parts name each other, written as the parts that they name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from storage.moving.tau2.schema import Database, Order, Part, Product, User
from storage.shop.spelling import as_meant, folded_id

P = TypeVar("P", bound=Part)


def as_spelled(database: Database) -> Database:
    """Return the file with each reference in the spelling of what it means; one that means nothing stays as it is."""
    products = {key: _product(key, product) for key, product in database.products.items()}
    orders = _Spelled(database.orders, (each for user in database.users.values() for each in user.orders))
    users = {key: _user(key, user, orders) for key, user in database.users.items()}
    owners = _Spelled(users, (order.user_id for order in database.orders.values()))
    bought = _Spelled(products, (item.product_id for order in database.orders.values() for item in order.items))
    placed = {
        key: _order(key, _with(order, user_id=owners.of(order.user_id)), products, users, bought)
        for key, order in database.orders.items()
    }
    return _with(database, products=products, users=users, orders=placed)


class _Spelled:
    """The ids of one kind, and how each of those that somebody wrote is meant."""

    def __init__(self, stored: Iterable[str], typed: Iterable[str]) -> None:
        own = dict.fromkeys(stored)
        self._meant = as_meant({each for each in typed if each not in own}, own)

    def of(self, typed: str) -> str:
        return self._meant.get(typed, typed)

    def all(self, typed: Sequence[str] | None) -> list[str] | None:
        return None if typed is None else [self.of(each) for each in typed]


def _product(key: str, product: Product) -> Product:
    variants = {name: _with(one, item_id=_own(name, one.item_id)) for name, one in product.variants.items()}
    return _with(product, product_id=_own(key, product.product_id), variants=variants)


def _user(key: str, user: User, orders: _Spelled) -> User:
    methods = {name: _with(one, id=_own(name, one.id)) for name, one in user.payment_methods.items()}
    return _with(user, user_id=_own(key, user.user_id), payment_methods=methods, orders=orders.all(user.orders))


def _order(
    key: str, order: Order, products: Mapping[str, Product], users: Mapping[str, User], bought: _Spelled
) -> Order:
    items = [_with(item, product_id=bought.of(item.product_id)) for item in order.items]
    sold = {each for item in items if item.product_id in products for each in products[item.product_id].variants}
    new = _Spelled(sold, [*(item.item_id for item in items), *(order.exchange_new_items or ())])
    items = [_with(item, item_id=new.of(item.item_id)) for item in items]
    parcels = [each for parcel in order.fulfillments for each in parcel.item_ids]
    asked = [*(order.return_items or ()), *(order.exchange_items or ())]
    own = _Spelled([item.item_id for item in items], [*parcels, *asked])
    user = users.get(order.user_id)
    paid = [payment.payment_method_id for payment in order.payment_history]
    wanted = [each for each in (order.return_payment_method_id, order.exchange_payment_method_id) if each]
    methods = _Spelled(() if user is None else user.payment_methods, [*paid, *wanted])
    return _with(
        order,
        order_id=_own(key, order.order_id),
        items=items,
        fulfillments=[_with(parcel, item_ids=own.all(parcel.item_ids)) for parcel in order.fulfillments],
        payment_history=[
            _with(one, payment_method_id=methods.of(one.payment_method_id)) for one in order.payment_history
        ],
        return_items=own.all(order.return_items),
        exchange_items=own.all(order.exchange_items),
        exchange_new_items=new.all(order.exchange_new_items),
        return_payment_method_id=methods.of(order.return_payment_method_id or "") or None,
        exchange_payment_method_id=methods.of(order.exchange_payment_method_id or "") or None,
    )


def _own(key: str, written: str) -> str:
    """Return the id that a part says it has as the key that it stands under, if it is the same."""
    return key if folded_id(key) == folded_id(written) else written


def _with(part: P, **changes: object) -> P:
    return part.model_copy(update=changes)
