### Why a product is recommended, and what a client calls its picture.

same_kind = { $name } 상품과 같은 종류 ({ $category })
same_options = { $name } 상품과 같은 옵션 ({ $options })
matches = ‘{ $query }’ 검색어와 일치
# Beside one of the two above: what it costs less or more.
cheaper = { $reason }, { $amount } 저렴
dearer = { $reason }, { $amount } 더 비쌈
# What it goes with: others bought both, or its words name that kind of product.
bought_together = { $name } 상품과 함께 많이 구매한 상품
meant_for = { $name } 같은 상품과 함께 쓰는 상품
goes_with = ‘{ $name }’ 상품과 어울림
# How a search was understood, one after another.
read_words = ‘{ $value }’ 검색
read_loosely = ‘{ $value }’에 모두 맞는 상품은 없어 일부가 맞는 상품 검색
read_beside = ‘{ $value }’ 상품과 어울리는 것
read_least = { $value } 이상
read_most = { $value } 이하
read_cheapest = 낮은 가격순
read_dearest = 높은 가격순
read_reviewed = 평이 좋은 상품
read_foreign = 매장 가격은 { $own } 기준이라 ‘{ $value }’ 조건은 비교하지 않음
# Two products side by side.
side_price = 가격
side_stock = 재고
side_yes = 있음
side_no = 품절
side_rating = 별점 (리뷰 수)
side_options = 옵션
side_only = 이 상품에만 있는 옵션
side_cheapest = 더 저렴한 쪽
side_cheaper = { $amount } 저렴
side_same = 같은 가격

## What a client shows in its menus

picture = 상품 사진
    .description = 상품 하나의 작은 사진을 보여 줍니다.

### What reviews speak of.

aspect_quality = 품질
aspect_price = 가격
aspect_delivery = 배송
aspect_packaging = 포장
aspect_size = 크기
aspect_comfort = 편안함
aspect_design = 디자인
aspect_ease = 사용 편의
aspect_sound = 소리
aspect_battery = 배터리
aspect_smell = 냄새
aspect_taste = 맛
aspect_service = 고객 서비스
aspect_said = 만족 { $praised }건, 불만 { $criticised }건
