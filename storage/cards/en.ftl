### What cards say, on the page and in other programs. A message has plain places, or is one choice of plural forms.

you = You
shop_desk = Service desk
order_title = Order { $order }
order_timeline = Where the order is
order_placed = Ordered
order_pending = Pending
order_items_changed = Pending, items changed
order_processed = On its way
order_delivered = Delivered
order_cancelled = Cancelled
order_return_requested = Return requested
order_exchange_requested = Exchange requested
order_ordered_on = Ordered on
order_shipped_on = Shipped on
order_expected_on = Expected by
order_estimated_on = Expected by (our estimate)
order_overdue = Late, was due
order_address = Goes to
order_tracking = Tracking
order_refunded = Refunded
order_cancel_reason = Cancelled because
order_comes_back = Comes back
order_difference = Price difference
cancelled_not_needed = no longer needed
cancelled_by_mistake = ordered by mistake
orders_title = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}
do_cancel_order = Cancel
do_change_order_items = Change items
do_change_order_address = Change address
do_change_order_payment = Change payment
do_return_items = Return
do_exchange_items = Exchange
say_order = Where is my order { $order }?
say_cancel_order = Please cancel my order { $order }
say_change_order_items = I want to change an item of my order { $order }
say_change_order_address = I want to change the address of my order { $order }
say_change_order_payment = I want to pay my order { $order } another way
say_return_items = I want to return something from my order { $order }
say_exchange_items = I want to exchange something from my order { $order }
product = Product
products_title = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
price = Price
price_from = from { $price }
stock = Stock
in_stock = In stock
sold_out = Sold out
description = Description
options_title = { $count ->
    [one] { $count } option
   *[other] { $count } options
}
to_compare = Compare
compare = Compare side by side
do_similar = Show similar products
say_similar = Can you recommend something like { $product }?
say_product = Tell me more about { $product }
more_of_list = { $count } more
tickets_title = { $count ->
    [one] { $count } ticket
   *[other] { $count } tickets
}
ticket_open = Open
ticket_waiting_for_customer = Waiting for you
ticket_waiting_for_staff = Waiting for us
ticket_resolved = Resolved
say_ticket = What is the state of ticket { $ticket }?
do_comment = Add to this ticket
say_comment = Please add to ticket { $ticket }:
done_title = Done
before = Before
after = After
difference_status = Status
difference_address = Address
difference_item = Item
difference_price = Price
difference_payment = Paid
difference_refund = Refunded
difference_gift_card = Gift card
policies_title = From the handbook
policy_since = In force since { $date }
policy_unanswered = The handbook may not say this.
policy_other_shop = These are the rules of this shop, not of another one.
verdict_damaged = Damaged
verdict_not_damaged = Not damaged
verdict_unclear = Cannot be told
damage_title = What the photo shows
damage_item = Item { $item } of order { $order }
damage_sure = How sure
damage_seen = Seen
damage_money = This decides nothing about money.
asking_title = Do you want this?
asking_open = Answer on the shop’s page
asking_where = You say yes or no there, logged in. Nothing changes before that.
asking_client = Your program asks for your approval. Nothing changes before that.
not_opened = It could not be opened here. Copy this address:
not_sent = It could not be sent from here. Type it yourself: { $text }
waiting = Waiting for the answer…
