### What a customer reads of their orders. Sentences of a change are put together of those of its refund or charge.
### A particle follows the sound before it, so none that would change stands after an order's id or an amount.

# What a customer calls a payment method; a `card` has no known brand.
method = { $kind ->
    [gift_card] 기프트 카드
    [paypal] PayPal 계정
    [named] { $brand } 결제 수단
    [card] 카드(끝자리 { $last_four })
   *[credit_card] { $brand } 카드(끝자리 { $last_four })
}
# Where money goes that goes to this payment method.
into = { $kind ->
    [paypal] { method }으로
    [named] { method }으로
   *[card] { method }로
}

## Money that moves

refund_at_once = { into } { $amount } 즉시 환불됩니다.
refund_later = { into } { $amount } 환불됩니다(영업일 기준 { $first }~{ $last }일 소요).
refund_on_return = 보내신 상품이 도착하면 { into } { $amount } 환불됩니다.
refund_nothing = 환불될 금액은 없습니다.
charge = { method }에서 { $amount } 결제됩니다.
charge_on_return = 보내신 상품이 도착하면 { method }에서 { $amount } 결제됩니다.
no_difference = 가격 차이는 없습니다.
unpaid = 아직 결제되지 않은 주문이며, 변경 후 금액: { $amount }.
moved = { $amount } 결제됩니다. { $refund }
moved_nothing = 결제되거나 환불될 금액은 없습니다.

## Each change, as it is asked before it is made and told after

cancel_ask = 주문 { $order } 건(상품 { $count }개)을 취소합니다. { $refunds }
cancel_done = 주문 { $order } 건이 취소되었습니다. { $refunds }
items_ask = 주문 { $order } 건의 상품을 변경합니다: { $swaps }. { $settled } 변경 후에는 상품을 다시 변경하거나 주문을 취소할 수 없습니다.
items_done = 주문 { $order } 건의 상품이 변경되었습니다: { $swaps }. { $settled }
exchange_ask = 주문 { $order } 건의 상품을 교환합니다: { $swaps }. { $settled }
exchange_done = 주문 { $order } 건의 교환이 접수되었습니다: { $swaps }. { $settled }
return_ask = 주문 { $order } 건의 상품을 반품합니다: { $lines }. { $refund }
return_done = 주문 { $order } 건의 반품이 접수되었습니다: { $lines }. { $refund }
payment_ask = 주문 { $order } 건의 결제 수단을 { into } 변경합니다. { $moved }
payment_done = 주문 { $order } 건의 결제 수단이 { into } 변경되었습니다. { $moved }
address_ask = 주문 { $order } 건의 배송지를 변경합니다: { $address }.
address_done = 주문 { $order } 건의 배송지가 변경되었습니다: { $address }.
move_ask = 계정 주소를 변경합니다: { $address }.
move_done = 계정 주소가 변경되었습니다: { $address }.

## What a client shows in its menus: a prompt by its function's name, and a resource

order_title = 주문
newest_order = 가장 최근 주문
where_is_my_order = { $order }의 상황이 궁금합니다. get_order로 조회하고(가장 최근 주문은 list_orders로 찾기), 상태와 배송 번호별 상품, 아직 변경할 수 있는 것을 한국어로 알려 주세요.
    .title = 주문 조회
    .description = 주문이 어디쯤 왔는지, 아직 무엇을 변경할 수 있는지 확인합니다.
return_or_exchange =
    주문 { $order_id }의 상품을 반품하거나 교환하고 싶습니다. { $wish }

    먼저 get_order로 주문과 allowed_actions를, search_policies로 정책을 확인해 주세요. 어떤 상품인지, 반품인지 교환인지, 환불을 어디로 받을지 분명하지 않으면 저에게 물어봐 주세요. 그다음 모든 상품을 한 번에 return_items 또는 exchange_items로 요청하고, 다음 절차를 한국어로 알려 주세요.
    .title = 반품·교환
    .description = 주문한 상품을 반품하거나 다른 옵션으로 교환합니다.
