### What a customer reads of their orders. Sentences of a change are put together of those of its refund or charge.

# What a customer calls a payment method; a `card` has no known brand.
method = { $kind ->
    [gift_card] gift card
    [paypal] PayPal account
    [named] payment method { $brand }
    [card] card ending in { $last_four }
   *[credit_card] { $brand } ending in { $last_four }
}
# Where money goes that goes to this payment method.
into = to your { method }

## Money that moves

refund_at_once = { $amount } will be refunded { into } immediately.
refund_later = { $amount } will be refunded { into } within { $first } to { $last } business days.
refund_on_return = { $amount } will be refunded { into } once we receive your return.
refund_nothing = There is nothing to refund.
charge = { $amount } will be charged to your { method }.
charge_on_return = { $amount } will be charged to your { method } once we receive your return.
no_difference = There is no difference in price.
unpaid = The order has not been paid yet; it will cost { $amount }.
moved = { $amount } will be charged. { $refund }
moved_nothing = There is nothing to charge or refund.

## Each change, as it is asked before it is made and told after

cancel_ask = Cancel order { $order } ({ $count ->
    [one] { $count } item
   *[other] { $count } items
}). { $refunds }
cancel_done = Order { $order } is cancelled. { $refunds }
items_ask = Change order { $order }: { $swaps }. { $settled } After this, you can no longer change its items or cancel it.
items_done = Order { $order } has been changed: { $swaps }. { $settled }
exchange_ask = Exchange items from order { $order }: { $swaps }. { $settled }
exchange_done = Your exchange for order { $order } has been requested: { $swaps }. { $settled }
return_ask = Return items from order { $order }: { $lines }. { $refund }
return_done = Your return for order { $order } has been requested: { $lines }. { $refund }
payment_ask = Pay for order { $order } with your { method }. { $moved }
payment_done = Order { $order } is now paid for with your { method }. { $moved }
address_ask = Send order { $order } to { $address }.
address_done = The delivery address of order { $order } has been changed to { $address }.
move_ask = Change the address on your account to { $address }.
move_done = The address on your account has been changed to { $address }.

## What a client shows in its menus: a prompt by its function's name, and a resource

order_title = Order
newest_order = my newest order
where_is_my_order = Where is { $order }? Look it up with get_order (list_orders finds the newest). Tell me its status, which items are in which parcel with the tracking number, and what can still be changed.
    .title = Where is my order?
    .description = Find out where an order is and what can still be changed.
return_or_exchange =
    I want to return or exchange something from order { $order_id }. { $wish }

    Look the order up with get_order, and check allowed_actions and the policy (search_policies) first. If it is not clear which items, whether to return or exchange, or where the refund goes, ask me. Then call return_items or exchange_items once, with all items together, and tell me what happens next.
    .title = Return or exchange
    .description = Send items of an order back for a refund or for another variant.
