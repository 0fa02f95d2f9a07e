### What the vision tools say: of a picture too poor to judge by, and to the model that looks at one.

## Why a picture proves nothing

picture_too_small = 사진이 너무 작아({ $width } x { $height } 픽셀) 판단할 수 없습니다. 더 큰 사진이 필요합니다.
picture_too_dark = 사진이 너무 어두워 판단할 수 없습니다. 더 밝은 곳에서 찍은 사진이 필요합니다.
picture_too_bright = 사진이 너무 밝아 판단할 수 없습니다. 빛을 줄여 찍은 사진이 필요합니다.
picture_blurry = 사진이 너무 흐려 판단할 수 없습니다. 초점이 맞는 사진이 필요합니다.

## What the model that looks is asked

look = 사진에 무엇이 보이고, 무엇이 적혀 있습니까? 한국어로 설명해 주세요.
damage = 고객은 이것이 주문한 '{ $name }' ({ $options })이고 파손되었다고 합니다. 상품이나 포장이 파손되었습니까? 이 상품이 아니거나 사진만으로 알 수 없으면 'unclear'입니다. 근거를 한국어로 적어 주세요.

## What a client shows in its menu: a prompt by its function's name

handle_a_damaged_parcel = 주문 { $order_id }의 상품이 파손된 채 도착했습니다.{ $image_id ->
    [none] {""}
   *[given] {" "}사진({ $image_id })을 inspect_damage로 확인해 주세요.
} get_order로 주문을 조회해 어떤 상품인지 확인하고, 분명하지 않으면 저에게 물어봐 주세요. search_policies로 파손 상품 정책을 읽고, 가능한 처리를 한국어로 알려 준 뒤 제가 고르면 요청해 주세요. 사진이 불분명하거나 담당자가 판단해야 하면 create_ticket으로 접수하고 번호를 알려 주세요.
    .title = 파손 상품 처리
    .description = 파손된 채 도착한 상품을 사진과 정책에 따라 처리합니다.

# Where several models look, and their verdict is unclear.
voters_differ = 모델마다 판단이 다릅니다: { $told }
voters_missing = 함께 판단하는 모델 { $asked }개 중 일부가 사진을 확인하지 못했습니다: { $told }
